// Does fmt_static.cpp hold all that formatting needs?
#include <string>

#include <fmt/format.h>

int main() { return fmt::format("{} {:.3f} {:>10} {:L} {}", 1, 2.5, "x", 1000, std::string("y")).size() == 23 ? 0 : 1; }
