// A Windows program that runs a program of the Unix system below wine, and waits for it: PROGRAM, with ours
// arguments. Wine starts Unix programs, but gives no handle to wait for and hands no pipe on to them. So their
// input, output and exit status go through files. Paths among the arguments become Unix paths.
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static char *(CDECL *unix_name)(const WCHAR *);
static WCHAR base[MAX_PATH], line[32768];

static WCHAR *file(const WCHAR *end) {
    static WCHAR name[MAX_PATH + 8];
    _snwprintf(name, MAX_PATH + 8, L"%ls.%ls", base, end);
    return name;
}

static void copy(FILE *from, FILE *to) {
    char block[65536];
    size_t size;
    while (from && (size = fread(block, 1, sizeof block, from)) > 0) fwrite(block, 1, size, to);
}

// Append one argument to the command line, quoted as Windows programs, and wine, take it apart.
static void append(const WCHAR *text) {
    WCHAR *end = line + wcslen(line);
    *end++ = ' ';
    *end++ = '"';
    for (size_t slashes = 0; *text; text++) {
        slashes = *text == '\\' ? slashes + 1 : 0;
        if (*text == '"') *end++ = '\\';
        *end++ = *text;
        if (slashes && (text[1] == '"' || !text[1])) {
            for (; slashes; slashes--) *end++ = '\\';
        }
    }
    *end++ = '"';
    *end = 0;
}

// The argument with the path in it, if any, as a Unix path: Z:\x, -I and Z:\x in one, -ffile-prefix-map=Z:\x=y.
static const WCHAR *translate(const WCHAR *text) {
    static WCHAR result[8192], path[8192];
    const WCHAR *start = text;
    while (*start && !(iswalpha(start[0]) && start[1] == ':' && (start[2] == '\\' || start[2] == '/'))) start++;
    if (!*start) return text;
    size_t length = wcscspn(start, L"=");
    wcsncpy(path, start, length);
    path[length] = 0;
    char *name = unix_name(path);
    if (!name) return text;
    WCHAR wide[8192];
    MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, 8192);
    _snwprintf(result, 8192, L"%.*ls%ls%ls", (int) (start - text), text, wide, start + length);
    return result;
}

int wmain(int count, WCHAR **arguments) {
    unix_name = (void *) GetProcAddress(GetModuleHandleW(L"kernel32"), "wine_get_unix_file_name");
    WCHAR folder[MAX_PATH];
    GetTempPathW(MAX_PATH, folder);
    GetTempFileNameW(folder, L"u", 0, base);
    for (int number = 0; number < 3; number++) _setmode(number, _O_BINARY);
    FILE *input = _wfopen(file(L"in"), L"wb");
    DWORD type = GetFileType(GetStdHandle(STD_INPUT_HANDLE));
    if (type == FILE_TYPE_PIPE || type == FILE_TYPE_DISK) copy(stdin, input);
    fclose(input);

    wcscpy(line, L"sh -c");
    append(L"b=\"$1\"; shift; \"$@\" <\"$b.in\" >\"$b.out\" 2>\"$b.err\"; echo $? >\"$b.new\"; mv \"$b.new\" \"$b.status\"");
    append(L"sh");
    append(translate(base));
    for (const WCHAR *next = PROGRAM; *next; next += wcslen(next) + 1) append(next);
    for (int index = 1; index < count; index++) append(translate(arguments[index]));
    STARTUPINFOW start = {sizeof start};
    PROCESS_INFORMATION process;
    if (!CreateProcessW(L"Z:\\bin\\sh", line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process)) return 126;

    FILE *status;
    while (!(status = _wfopen(file(L"status"), L"r"))) Sleep(5);
    int result = 126;
    fscanf(status, "%d", &result);
    fclose(status);
    FILE *output = _wfopen(file(L"out"), L"rb"), *error = _wfopen(file(L"err"), L"rb");
    copy(output, stdout);
    fflush(stdout);
    copy(error, stderr);
    fclose(output);
    fclose(error);
    const WCHAR *ends[] = {L"in", L"out", L"err", L"status"};
    for (int index = 0; index < 4; index++) _wremove(file(ends[index]));
    _wremove(base);
    return result;
}
