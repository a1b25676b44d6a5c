// Command tags, as the server reports them (CreateCommandTag in utility.c).
#include "sql/convert.h"

namespace cupel::sql {
namespace {

struct ObjectTags {
  ::ObjectType type;
  std::string_view create, alter, drop;
};
constexpr ObjectTags object_tags[] = {
    {OBJECT_ACCESS_METHOD, "CREATE ACCESS METHOD", "ALTER ACCESS METHOD", "DROP ACCESS METHOD"},
    {OBJECT_AGGREGATE, "CREATE AGGREGATE", "ALTER AGGREGATE", "DROP AGGREGATE"},
    {OBJECT_ATTRIBUTE, "", "ALTER TYPE", ""},
    {OBJECT_CAST, "CREATE CAST", "ALTER CAST", "DROP CAST"},
    {OBJECT_COLLATION, "CREATE COLLATION", "ALTER COLLATION", "DROP COLLATION"},
    {OBJECT_COLUMN, "", "ALTER TABLE", ""},
    {OBJECT_CONVERSION, "CREATE CONVERSION", "ALTER CONVERSION", "DROP CONVERSION"},
    {OBJECT_DATABASE, "CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE"},
    {OBJECT_DOMAIN, "CREATE DOMAIN", "ALTER DOMAIN", "DROP DOMAIN"},
    {OBJECT_DOMCONSTRAINT, "", "ALTER DOMAIN", ""},
    {OBJECT_EVENT_TRIGGER, "CREATE EVENT TRIGGER", "ALTER EVENT TRIGGER", "DROP EVENT TRIGGER"},
    {OBJECT_EXTENSION, "CREATE EXTENSION", "ALTER EXTENSION", "DROP EXTENSION"},
    {OBJECT_FDW, "CREATE FOREIGN DATA WRAPPER", "ALTER FOREIGN DATA WRAPPER", "DROP FOREIGN DATA WRAPPER"},
    {OBJECT_FOREIGN_SERVER, "CREATE SERVER", "ALTER SERVER", "DROP SERVER"},
    {OBJECT_FOREIGN_TABLE, "CREATE FOREIGN TABLE", "ALTER FOREIGN TABLE", "DROP FOREIGN TABLE"},
    {OBJECT_FUNCTION, "CREATE FUNCTION", "ALTER FUNCTION", "DROP FUNCTION"},
    {OBJECT_INDEX, "CREATE INDEX", "ALTER INDEX", "DROP INDEX"},
    {OBJECT_LANGUAGE, "CREATE LANGUAGE", "ALTER LANGUAGE", "DROP LANGUAGE"},
    {OBJECT_LARGEOBJECT, "", "ALTER LARGE OBJECT", ""},
    {OBJECT_MATVIEW, "CREATE MATERIALIZED VIEW", "ALTER MATERIALIZED VIEW", "DROP MATERIALIZED VIEW"},
    {OBJECT_OPCLASS, "CREATE OPERATOR CLASS", "ALTER OPERATOR CLASS", "DROP OPERATOR CLASS"},
    {OBJECT_OPERATOR, "CREATE OPERATOR", "ALTER OPERATOR", "DROP OPERATOR"},
    {OBJECT_OPFAMILY, "CREATE OPERATOR FAMILY", "ALTER OPERATOR FAMILY", "DROP OPERATOR FAMILY"},
    {OBJECT_POLICY, "CREATE POLICY", "ALTER POLICY", "DROP POLICY"},
    {OBJECT_PROCEDURE, "CREATE PROCEDURE", "ALTER PROCEDURE", "DROP PROCEDURE"},
    {OBJECT_PUBLICATION, "CREATE PUBLICATION", "ALTER PUBLICATION", "DROP PUBLICATION"},
    {OBJECT_ROLE, "CREATE ROLE", "ALTER ROLE", "DROP ROLE"},
    {OBJECT_ROUTINE, "", "ALTER ROUTINE", "DROP ROUTINE"},
    {OBJECT_RULE, "CREATE RULE", "ALTER RULE", "DROP RULE"},
    {OBJECT_SCHEMA, "CREATE SCHEMA", "ALTER SCHEMA", "DROP SCHEMA"},
    {OBJECT_SEQUENCE, "CREATE SEQUENCE", "ALTER SEQUENCE", "DROP SEQUENCE"},
    {OBJECT_STATISTIC_EXT, "CREATE STATISTICS", "ALTER STATISTICS", "DROP STATISTICS"},
    {OBJECT_SUBSCRIPTION, "CREATE SUBSCRIPTION", "ALTER SUBSCRIPTION", "DROP SUBSCRIPTION"},
    {OBJECT_TABCONSTRAINT, "", "ALTER TABLE", ""},
    {OBJECT_TABLE, "CREATE TABLE", "ALTER TABLE", "DROP TABLE"},
    {OBJECT_TABLESPACE, "CREATE TABLESPACE", "ALTER TABLESPACE", "DROP TABLESPACE"},
    {OBJECT_TRANSFORM, "CREATE TRANSFORM", "ALTER TRANSFORM", "DROP TRANSFORM"},
    {OBJECT_TRIGGER, "CREATE TRIGGER", "ALTER TRIGGER", "DROP TRIGGER"},
    {OBJECT_TSCONFIGURATION, "CREATE TEXT SEARCH CONFIGURATION", "ALTER TEXT SEARCH CONFIGURATION", "DROP TEXT SEARCH CONFIGURATION"},
    {OBJECT_TSDICTIONARY, "CREATE TEXT SEARCH DICTIONARY", "ALTER TEXT SEARCH DICTIONARY", "DROP TEXT SEARCH DICTIONARY"},
    {OBJECT_TSPARSER, "CREATE TEXT SEARCH PARSER", "ALTER TEXT SEARCH PARSER", "DROP TEXT SEARCH PARSER"},
    {OBJECT_TSTEMPLATE, "CREATE TEXT SEARCH TEMPLATE", "ALTER TEXT SEARCH TEMPLATE", "DROP TEXT SEARCH TEMPLATE"},
    {OBJECT_TYPE, "CREATE TYPE", "ALTER TYPE", "DROP TYPE"},
    {OBJECT_VIEW, "CREATE VIEW", "ALTER VIEW", "DROP VIEW"},
};

std::string_view object_tag(::ObjectType type, std::string_view ObjectTags::*verb) {
  for (const ObjectTags& tags : object_tags) {
    if (tags.type == type) return tags.*verb;
  }
  return "???";  // as the server shows what it has no tag for
}
std::string_view create_tag(::ObjectType type) { return object_tag(type, &ObjectTags::create); }
std::string_view alter_tag(::ObjectType type) { return object_tag(type, &ObjectTags::alter); }
std::string_view drop_tag(::ObjectType type) { return object_tag(type, &ObjectTags::drop); }

std::string_view transaction_tag(::TransactionStmtKind kind) {
  switch (kind) {
    case TRANS_STMT_BEGIN: return "BEGIN";
    case TRANS_STMT_START: return "START TRANSACTION";
    case TRANS_STMT_COMMIT: return "COMMIT";
    case TRANS_STMT_ROLLBACK:
    case TRANS_STMT_ROLLBACK_TO: return "ROLLBACK";
    case TRANS_STMT_SAVEPOINT: return "SAVEPOINT";
    case TRANS_STMT_RELEASE: return "RELEASE";
    case TRANS_STMT_PREPARE: return "PREPARE TRANSACTION";
    case TRANS_STMT_COMMIT_PREPARED: return "COMMIT PREPARED";
    case TRANS_STMT_ROLLBACK_PREPARED: return "ROLLBACK PREPARED";
  }
  return "???";
}

std::string_view select_tag(const ::SelectStmt& select) {
  const ::SelectStmt* first = &select;
  while (first->larg != nullptr) first = first->larg;
  return first->intoClause == nullptr ? "SELECT" : "SELECT INTO";
}

std::string_view discard_tag(::DiscardMode mode) {
  switch (mode) {
    case DISCARD_ALL: return "DISCARD ALL";
    case DISCARD_PLANS: return "DISCARD PLANS";
    case DISCARD_SEQUENCES: return "DISCARD SEQUENCES";
    case DISCARD_TEMP: return "DISCARD TEMP";
  }
  return "???";
}

std::string_view set_tag(::VariableSetKind kind) { return kind == VAR_RESET || kind == VAR_RESET_ALL ? "RESET" : "SET"; }

}  // namespace

std::string_view command_tag(const ::Node* node) {
  switch (tag_of(node)) {
    case T_SelectStmt: return select_tag(as_node<::SelectStmt>(node));
    case T_InsertStmt: return "INSERT";
    case T_UpdateStmt: return "UPDATE";
    case T_DeleteStmt: return "DELETE";
    case T_MergeStmt: return "MERGE";
    case T_TransactionStmt: return transaction_tag(as_node<::TransactionStmt>(node).kind);
    case T_DeclareCursorStmt: return "DECLARE CURSOR";
    case T_ClosePortalStmt: return as_node<::ClosePortalStmt>(node).portalname == nullptr ? "CLOSE CURSOR ALL" : "CLOSE CURSOR";
    case T_FetchStmt: return as_node<::FetchStmt>(node).ismove ? "MOVE" : "FETCH";
    case T_CreateStmt: return "CREATE TABLE";
    case T_CreateForeignTableStmt: return "CREATE FOREIGN TABLE";
    case T_CreateTableAsStmt:
      switch (as_node<::CreateTableAsStmt>(node).objtype) {
        case OBJECT_MATVIEW: return "CREATE MATERIALIZED VIEW";
        default: return as_node<::CreateTableAsStmt>(node).is_select_into ? "SELECT INTO" : "CREATE TABLE AS";
      }
    case T_AlterTableStmt: return alter_tag(as_node<::AlterTableStmt>(node).objtype);
    case T_AlterTableMoveAllStmt: return alter_tag(as_node<::AlterTableMoveAllStmt>(node).objtype);
    case T_IndexStmt: return "CREATE INDEX";
    case T_ReindexStmt: return "REINDEX";
    case T_ViewStmt: return "CREATE VIEW";
    case T_RefreshMatViewStmt: return "REFRESH MATERIALIZED VIEW";
    case T_CreateSeqStmt: return "CREATE SEQUENCE";
    case T_AlterSeqStmt: return "ALTER SEQUENCE";
    case T_CreateStatsStmt: return "CREATE STATISTICS";
    case T_AlterStatsStmt: return "ALTER STATISTICS";
    case T_RenameStmt: {
      const auto& rename = as_node<::RenameStmt>(node);
      // ALTER VIEW v RENAME COLUMN … reports what it was called.
      const bool is_part = rename.renameType == OBJECT_COLUMN || rename.renameType == OBJECT_ATTRIBUTE;
      return alter_tag(is_part ? rename.relationType : rename.renameType);
    }
    case T_AlterObjectSchemaStmt: return alter_tag(as_node<::AlterObjectSchemaStmt>(node).objectType);
    case T_AlterObjectDependsStmt: return alter_tag(as_node<::AlterObjectDependsStmt>(node).objectType);
    case T_AlterOwnerStmt: return alter_tag(as_node<::AlterOwnerStmt>(node).objectType);
    case T_DropStmt: return drop_tag(as_node<::DropStmt>(node).removeType);
    case T_DropRoleStmt: return "DROP ROLE";
    case T_DropdbStmt: return "DROP DATABASE";
    case T_DropTableSpaceStmt: return "DROP TABLESPACE";
    case T_DropSubscriptionStmt: return "DROP SUBSCRIPTION";
    case T_DropUserMappingStmt: return "DROP USER MAPPING";
    case T_DropOwnedStmt: return "DROP OWNED";
    case T_ReassignOwnedStmt: return "REASSIGN OWNED";
    case T_TruncateStmt: return "TRUNCATE TABLE";
    case T_CommentStmt: return "COMMENT";
    case T_SecLabelStmt: return "SECURITY LABEL";
    case T_GrantStmt: return as_node<::GrantStmt>(node).is_grant ? "GRANT" : "REVOKE";
    case T_GrantRoleStmt: return as_node<::GrantRoleStmt>(node).is_grant ? "GRANT ROLE" : "REVOKE ROLE";
    case T_AlterDefaultPrivilegesStmt: return "ALTER DEFAULT PRIVILEGES";
    case T_CreateSchemaStmt: return "CREATE SCHEMA";
    case T_CreateExtensionStmt: return "CREATE EXTENSION";
    case T_AlterExtensionStmt:
    case T_AlterExtensionContentsStmt: return "ALTER EXTENSION";
    case T_CreatePublicationStmt: return "CREATE PUBLICATION";
    case T_AlterPublicationStmt: return "ALTER PUBLICATION";
    case T_CreateSubscriptionStmt: return "CREATE SUBSCRIPTION";
    case T_AlterSubscriptionStmt: return "ALTER SUBSCRIPTION";
    case T_DefineStmt: return create_tag(as_node<::DefineStmt>(node).kind);
    case T_CompositeTypeStmt:
    case T_CreateEnumStmt:
    case T_CreateRangeStmt: return "CREATE TYPE";
    case T_AlterEnumStmt:
    case T_AlterTypeStmt: return "ALTER TYPE";
    case T_CreateDomainStmt: return "CREATE DOMAIN";
    case T_AlterDomainStmt: return "ALTER DOMAIN";
    case T_CreateFunctionStmt: return as_node<::CreateFunctionStmt>(node).is_procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
    case T_AlterFunctionStmt: return alter_tag(as_node<::AlterFunctionStmt>(node).objtype);
    case T_DoStmt: return "DO";
    case T_CallStmt: return "CALL";
    case T_CreateTrigStmt: return "CREATE TRIGGER";
    case T_CreateEventTrigStmt: return "CREATE EVENT TRIGGER";
    case T_AlterEventTrigStmt: return "ALTER EVENT TRIGGER";
    case T_RuleStmt: return "CREATE RULE";
    case T_CreatePolicyStmt: return "CREATE POLICY";
    case T_AlterPolicyStmt: return "ALTER POLICY";
    case T_CreatePLangStmt: return "CREATE LANGUAGE";
    case T_CreateRoleStmt: return "CREATE ROLE";
    case T_AlterRoleStmt:
    case T_AlterRoleSetStmt: return "ALTER ROLE";
    case T_CreatedbStmt: return "CREATE DATABASE";
    case T_AlterDatabaseStmt:
    case T_AlterDatabaseSetStmt:
    case T_AlterDatabaseRefreshCollStmt: return "ALTER DATABASE";
    case T_AlterSystemStmt: return "ALTER SYSTEM";
    case T_CreateTableSpaceStmt: return "CREATE TABLESPACE";
    case T_AlterTableSpaceOptionsStmt: return "ALTER TABLESPACE";
    case T_CreateFdwStmt: return "CREATE FOREIGN DATA WRAPPER";
    case T_AlterFdwStmt: return "ALTER FOREIGN DATA WRAPPER";
    case T_CreateForeignServerStmt: return "CREATE SERVER";
    case T_AlterForeignServerStmt: return "ALTER SERVER";
    case T_CreateUserMappingStmt: return "CREATE USER MAPPING";
    case T_AlterUserMappingStmt: return "ALTER USER MAPPING";
    case T_ImportForeignSchemaStmt: return "IMPORT FOREIGN SCHEMA";
    case T_CreateAmStmt: return "CREATE ACCESS METHOD";
    case T_CreateCastStmt: return "CREATE CAST";
    case T_CreateConversionStmt: return "CREATE CONVERSION";
    case T_CreateTransformStmt: return "CREATE TRANSFORM";
    case T_CreateOpClassStmt: return "CREATE OPERATOR CLASS";
    case T_CreateOpFamilyStmt: return "CREATE OPERATOR FAMILY";
    case T_AlterOpFamilyStmt: return "ALTER OPERATOR FAMILY";
    case T_AlterOperatorStmt: return "ALTER OPERATOR";
    case T_AlterCollationStmt: return "ALTER COLLATION";
    case T_AlterTSDictionaryStmt: return "ALTER TEXT SEARCH DICTIONARY";
    case T_AlterTSConfigurationStmt: return "ALTER TEXT SEARCH CONFIGURATION";
    case T_VariableSetStmt: return set_tag(as_node<::VariableSetStmt>(node).kind);
    case T_VariableShowStmt: return "SHOW";
    case T_ConstraintsSetStmt: return "SET CONSTRAINTS";
    case T_DiscardStmt: return discard_tag(as_node<::DiscardStmt>(node).target);
    case T_LockStmt: return "LOCK TABLE";
    case T_VacuumStmt: return as_node<::VacuumStmt>(node).is_vacuumcmd ? "VACUUM" : "ANALYZE";
    case T_ClusterStmt: return "CLUSTER";
    case T_CopyStmt: return "COPY";
    case T_ExplainStmt: return "EXPLAIN";
    case T_PrepareStmt: return "PREPARE";
    case T_ExecuteStmt: return "EXECUTE";
    case T_DeallocateStmt: return as_node<::DeallocateStmt>(node).name == nullptr ? "DEALLOCATE ALL" : "DEALLOCATE";
    case T_NotifyStmt: return "NOTIFY";
    case T_ListenStmt: return "LISTEN";
    case T_UnlistenStmt: return "UNLISTEN";
    case T_LoadStmt: return "LOAD";
    case T_CheckPointStmt: return "CHECKPOINT";
    case T_ReturnStmt: return "RETURN";
    default: return "???";
  }
}

std::string_view Statement::tag() const {
  if (tree != nullptr) return command_tag(static_cast<const ::Node*>(tree));
  if (const auto* other = as<OtherStatement>()) return other->tag;
  return "DO";  // only what a body holds in words of its own has no tree
}

}  // namespace cupel::sql
