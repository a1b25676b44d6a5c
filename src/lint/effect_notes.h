// Effects in words, for the people who read findings.
#pragma once

#include "effects/effects.h"
#include "effects/transaction_state.h"
#include "lint/finding.h"
#include "lint/settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::lint {

// The locks of `effects` that somebody else would feel: on relations that existed before this migration, strongest
// first, one note a relation. `command`: only what this subcommand takes; effects::whole_statement: everything.
std::vector<EffectNote> effect_notes(const effects::Effects& effects, effects::CommandIndex command, const schema::Database& database,
                                     const effects::TransactionState& transaction, const Settings& settings);

// "index build": what cupel calls a kind of work.
std::string_view name(effects::WorkKind kind);
// One lock a relation, the strongest, in order of strength; those on new relations are left out.
std::vector<const effects::RelationLock*> strongest_locks(const effects::Effects& effects);

// "about 40 million rows, 12 GB", as far as it is known.
std::string size_in_words(const TableNote& note);

}  // namespace cupel::lint
