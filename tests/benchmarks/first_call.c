// Open libggml-base, libggml and libllama in a folder, load the backends there, and call one function: what the
// bindings do at their first call. Print the seconds that this takes.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void * library(const char * folder, const char * name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/lib%s.so", folder, name);
    void * opened = dlopen(path, RTLD_NOW);
    if (!opened) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    return opened;
}

static void silent(int level, const char * text, void * data) {}

int main(int count, char ** arguments) {
    if (count != 2) return 2;
    double started = now();
    library(arguments[1], "ggml-base");
    void * ggml = library(arguments[1], "ggml");
    void * llama = library(arguments[1], "llama");
    void (*log_set)(void *, void *) = (void (*)(void *, void *)) dlsym(ggml, "ggml_log_set");
    size_t (*backends)(void) = (size_t (*)(void)) dlsym(ggml, "ggml_backend_reg_count");
    void (*load)(const char *) = (void (*)(const char *)) dlsym(ggml, "ggml_backend_load_all_from_path");
    log_set((void *) silent, NULL);
    if (!backends()) load(arguments[1]);
    ((size_t (*)(void)) dlsym(llama, "llama_max_devices"))();
    printf("%.9f\n", now() - started);
    return backends() ? 0 : 1;
}
