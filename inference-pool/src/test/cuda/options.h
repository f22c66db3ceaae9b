/* What a test asks of the stand-in: numbers by name, which also answer for what has happened. */
#pragma once
#include <map>
#include <string>

#define EXPORT extern "C" __attribute__((visibility("default")))

inline std::map<std::string, long long> &options() {
    static std::map<std::string, long long> all;
    return all;
}

inline long long option(const char *name, long long otherwise) {
    auto found = options().find(name);
    return found == options().end() ? otherwise : found->second;
}

/* Whether this is the event that a test has asked to fail: the n-th from when it was asked. */
inline bool fails_now(const char *name) {
    auto found = options().find(name);
    if (found == options().end() || --found->second != 0) {
        return false;
    }
    options().erase(found);
    return true;
}
