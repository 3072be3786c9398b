// Types as the ABI sees them, to compare a header's declaration with its ctypes class. Integers count by
// width and sign, enums as integers (as their fixed type if they have one), pointers and arrays by their targets and elements; const does not count.
// Variadic functions count by their fixed parameters. If a function pointer inside another type returns a
// pointer, it counts as void *, because ctypes callbacks return every pointer so.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <type_traits>
template <int Size, bool Signed> struct integer;
template <> struct integer<1, true> { using type = std::int8_t; };
template <> struct integer<1, false> { using type = std::uint8_t; };
template <> struct integer<2, true> { using type = std::int16_t; };
template <> struct integer<2, false> { using type = std::uint16_t; };
template <> struct integer<4, true> { using type = std::int32_t; };
template <> struct integer<4, false> { using type = std::uint32_t; };
template <> struct integer<8, true> { using type = std::int64_t; };
template <> struct integer<8, false> { using type = std::uint64_t; };
template <class E> constexpr bool is_unsigned_enum = false;
template <class T> struct flexible {};
// C++ initializes an enum with a number only if the enum has a fixed type.
template <class E, class = void> constexpr bool is_fixed = false;
template <class E> constexpr bool is_fixed<E, std::void_t<decltype(E{0})>> = true;
template <class T, class = void> struct abi_ { using type = T; };
template <class T> struct abi_<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>
    && !std::is_same_v<T, char>>> { using type = typename integer<sizeof(T), std::is_signed_v<T>>::type; };
template <class T> struct abi_<T, std::enable_if_t<std::is_enum_v<T>>> {
    using own = std::underlying_type_t<T>;
    static constexpr bool is_signed = sizeof(T) == 4 && !is_fixed<T> ? !is_unsigned_enum<T>
        : std::is_signed_v<own> || std::is_same_v<own, char>;
    using type = std::conditional_t<std::is_same_v<own, bool>, bool,
        typename integer<sizeof(T), is_signed>::type>; };
// Windows' compilers give it the width of double, and ctypes then has no other type for it.
template <> struct abi_<long double, void> {
    using type = std::conditional_t<sizeof(long double) == sizeof(double), double, long double>; };
template <class T> using abi = typename abi_<std::remove_cv_t<T>>::type;
template <class T> struct abi_<T *, void> { using type = abi<T> *; };
template <class T, std::size_t N> struct abi_<T[N], void> { using type = abi<T>[N]; };
template <class T> struct abi_<T[], void> { using type = flexible<abi<T>>; };
template <class T> struct abi_<flexible<T>, void> { using type = flexible<abi<T>>; };
template <class T> struct result_ { using type = abi<T>; };
template <class T> struct result_<T *> { using type = void *; };
template <class T> using result = typename result_<std::remove_cv_t<T>>::type;
template <class R, class... A> struct abi_<R(A...), void> { using type = result<R>(abi<A>...); };
template <class R, class... A> struct abi_<R(A..., ...), void> { using type = result<R>(abi<A>...); };
template <class T, class U> constexpr bool same = std::is_same_v<abi<T>, abi<U>>;
// <string_view> would take longer to compile than this whole file.
constexpr bool same_text(const char * a, const char * b) {
    for (; *a != 0 && *a == *b; ++a, ++b) {}
    return *a == *b;
}
template <class T> constexpr std::size_t size_of = sizeof(T);
template <class T> constexpr std::size_t size_of<T[]> = 0;
template <class T> struct bare_ { using type = T; };
template <class T> using bare = typename bare_<std::remove_cv_t<T>>::type;
template <class T> struct bare_<T *> { using type = bare<T>; };
template <class T> struct bare_<T[]> { using type = bare<T>; };
template <class T, std::size_t N> struct bare_<T[N]> { using type = bare<T>; };
#ifdef __GNUC__ // Only an extension has arrays without elements; to ctypes they are flexible ones.
template <class T> struct abi_<T[0], void> { using type = flexible<abi<T>>; };
template <class T> struct bare_<T[0]> { using type = bare<T>; };
#endif
template <class R, class... A> constexpr int arity(R (*)(A...)) { return sizeof...(A); }
template <class R, class... A> constexpr int arity(R (*)(A..., ...)) { return sizeof...(A); }
template <class F> struct parts;
template <class R, class... A> struct parts<R(A...)> { using type = std::tuple<R, A...>; };
template <class R, class... A> struct parts<R(A..., ...)> { using type = std::tuple<R, A...>; };
template <int N, class F> using part = std::tuple_element_t<N, typename parts<F>::type>;
