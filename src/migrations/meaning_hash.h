// What a text says to the server, as a short string: equal for texts that differ only in comments, white space, line
// ends and the case of keywords and unquoted names.
#pragma once

#include "base/span.h"

#include <span>
#include <string>
#include <string_view>

namespace cupel::migrations {

// 32 hexadecimal digits, over the tokens under `chunks` (none: the whole text). How the text is cut into chunks does
// not count.
//
// The hash is MurmurHash3 (x64, 128 bits), not a cryptographic one: it notices edits, it does not resist forgery.
// Whoever could craft a collision may just as well edit cupel.lock, which lies beside the migrations. 128 bits make
// accidents impossible in practice.
std::string meaning_hash(std::string_view text, std::span<const Span> chunks);

}  // namespace cupel::migrations
