/*
 * Functions that a libpg_query archive built for a newer glibc expects and an older glibc (before 2.38) lacks. Compiled in only when linking
 * fails without it, see FindPgQuery.cmake. Weak, so that a function the C library does have wins.
 */
#include <stdlib.h>
#include <string.h>

size_t strlcpy(char *target, const char *source, size_t size);
long __isoc23_strtol(const char *text, char **end, int base);
unsigned long __isoc23_strtoul(const char *text, char **end, int base);
long long __isoc23_strtoll(const char *text, char **end, int base);
unsigned long long __isoc23_strtoull(const char *text, char **end, int base);

__attribute__((weak)) size_t strlcpy(char *target, const char *source, size_t size)
{
	size_t length = strlen(source);
	if (size > 0) {
		size_t copied = length < size ? length : size - 1;
		memcpy(target, source, copied);
		target[copied] = '\0';
	}
	return length;
}

/* C23's number functions also accept "0b101"; PostgreSQL's scanner decides what a number is before it calls them. */
__attribute__((weak)) long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
__attribute__((weak)) unsigned long __isoc23_strtoul(const char *text, char **end, int base) { return strtoul(text, end, base); }
__attribute__((weak)) long long __isoc23_strtoll(const char *text, char **end, int base) { return strtoll(text, end, base); }
__attribute__((weak)) unsigned long long __isoc23_strtoull(const char *text, char **end, int base) { return strtoull(text, end, base); }
