// Internal to src/sql: PostgreSQL's own headers, as libpg_query ships them, without the macros that harm C++.
// Works with libpg_query for PostgreSQL 17 and 18; tell them apart with PG_VERSION_NUM.
#pragma once

// Standard headers first: PostgreSQL redefines printf and its relatives.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#define text postgres_text  // a global type of that name would be shadowed by half of our variables

extern "C" {
// postgres.h defines what the others need.
// clang-format off
#include <postgres.h>  // in angle brackets: in quotes it would be this file

#include "catalog/pg_trigger.h"
#include "common/keywords.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "pg_query.h"
#include "pg_query_internal.h"
#include "utils/memutils.h"
// clang-format on
#if PG_VERSION_NUM >= 180000
#include "postgres_deparse.h"
#else
// Not declared in what libpg_query 17 installs, but exported by it.
extern void deparseRawStmt(StringInfo str, RawStmt* raw_stmt);
#endif
extern void pg_query_init(void);
}

#undef text
#undef _
#undef Abs
#undef Max
#undef Min
#undef gettext
#undef dgettext
#undef ngettext
#undef dngettext
#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef vsnprintf
#undef strerror
#undef strerror_r
#undef foreach
