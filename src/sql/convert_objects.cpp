// Commands about objects of any kind: rename, move, drop, comment, grant; schemas, extensions, publications.
#include "sql/convert.h"

namespace cupel::sql {
namespace {

bool is_kept_by_table(::ObjectType type) {
  return type == OBJECT_TRIGGER || type == OBJECT_RULE || type == OBJECT_POLICY || type == OBJECT_TABCONSTRAINT || type == OBJECT_COLUMN;
}

// (schema, table, name) → the table, and the name beside it.
QualifiedName table_of(const ::List* names, std::string_view& sub_name) {
  sub_name = last_string(names);
  QualifiedName table;
  const int count = size(names);
  if (count >= 2) table.name = string_of(&element<::Node>(names, count - 2));
  if (count >= 3) table.schema = string_of(&element<::Node>(names, count - 3));
  return table;
}

StatementNode convert_rename(const Origin& origin, const ::RenameStmt& node) {
  Rename rename;
  rename.kind = object_kind(node.renameType);
  rename.relation_kind = rename.kind;
  rename.new_name = view(node.newname);
  rename.if_exists = node.missing_ok;
  if (node.relation != nullptr) {
    rename.name = relation_name(origin, node.relation);
    rename.sub_name = view(node.subname);
    rename.only = !node.relation->inh;
    if (node.renameType == OBJECT_COLUMN || node.renameType == OBJECT_ATTRIBUTE) {
      rename.relation_kind = object_kind(node.relationType);
    } else if (is_kept_by_table(node.renameType)) {
      rename.relation_kind = ObjectKind::table;
    }
    return rename;
  }
  NameFinder finder(origin);
  if (node.object == nullptr) {  // roles, databases, schemas, tablespaces
    rename.name.name = view(node.subname);
  } else {
    rename.name = object_name(origin, node.object);
    rename.sub_name = view(node.subname);
    if (node.renameType == OBJECT_DOMCONSTRAINT) rename.relation_kind = ObjectKind::domain;
  }
  finder.locate(rename.name);
  return rename;
}

// The name of an object that has either a relation or a node naming it.
QualifiedName target_name(const Origin& origin, const ::RangeVar* relation, const ::Node* object) {
  if (relation != nullptr) return relation_name(origin, relation);
  QualifiedName name = object_name(origin, object);
  NameFinder(origin).locate(name);
  return name;
}

StatementNode convert_drop(const Origin& origin, const ::DropStmt& node) {
  DropObjects drop;
  drop.kind = object_kind(node.removeType);
  drop.if_exists = node.missing_ok;
  drop.concurrently = node.concurrent;
  drop.behavior = drop_behavior(node.behavior);
  NameFinder finder(origin);
  for (const ::Node* object : Each<::Node>(node.objects)) {
    if (is_kept_by_table(node.removeType) && tag_of(object) == T_List) {
      std::string_view sub_name;
      QualifiedName table = table_of(reinterpret_cast<const ::List*>(object), sub_name);
      finder.find({}, sub_name);  // its name stands before the table's
      finder.locate(table);
      drop.names.push_back(table);
      drop.sub_names.push_back(sub_name);
    } else {
      QualifiedName name = object_name(origin, object);
      finder.locate(name);
      drop.names.push_back(name);
    }
  }
  return drop;
}

// DROP DATABASE and its like have nodes of their own.
StatementNode drop_one(const Origin& origin, ObjectKind kind, const char* name, bool if_exists) {
  DropObjects drop;
  drop.kind = kind;
  drop.if_exists = if_exists;
  drop.names.push_back({{}, view(name), {}});
  NameFinder(origin).locate(drop.names.back());
  return drop;
}

StatementNode convert_drop_roles(const Origin& origin, const ::DropRoleStmt& node) {
  DropObjects drop;
  drop.kind = ObjectKind::role;
  drop.if_exists = node.missing_ok;
  for (const ::RoleSpec* role : Each<::RoleSpec>(node.roles)) {
    drop.names.push_back({{}, role_name(role), origin.name_at(role->location)});
  }
  return drop;
}

StatementNode convert_comment(const Origin& origin, const ::CommentStmt& node) {
  Comment comment{object_kind(node.objtype), {}, {}};
  NameFinder finder(origin);
  if (tag_of(node.object) == T_List && (is_kept_by_table(node.objtype) || node.objtype == OBJECT_DOMCONSTRAINT)) {
    const auto* names = reinterpret_cast<const ::List*>(node.object);
    if (node.objtype == OBJECT_DOMCONSTRAINT) {  // (type, name)
      comment.name = object_name(origin, &element<::Node>(names, 0));
      comment.sub_name = last_string(names);
    } else {
      comment.name = table_of(names, comment.sub_name);
    }
    // ON COLUMN table.column, but ON TRIGGER name ON table
    if (node.objtype != OBJECT_COLUMN) finder.find({}, comment.sub_name);
  } else {
    comment.name = object_name(origin, node.object);
  }
  finder.locate(comment.name);
  return comment;
}

StatementNode convert_grant(const Origin& origin, const ::GrantStmt& node) {
  Grant grant;
  grant.is_grant = node.is_grant;
  grant.kind = object_kind(node.objtype);
  grant.all_in_schema = node.targtype == ACL_TARGET_ALL_IN_SCHEMA;
  NameFinder finder(origin);
  for (const ::Node* object : Each<::Node>(node.objects)) {
    QualifiedName name = object_name(origin, object);
    if (tag_of(object) != T_RangeVar) finder.locate(name);
    grant.names.push_back(name);
  }
  return grant;
}

void add_publication_tables(const Origin& origin, const ::List* objects, Publication& publication) {
  for (const ::PublicationObjSpec* object : Each<::PublicationObjSpec>(objects)) {
    if (object->pubobjtype == PUBLICATIONOBJ_TABLES_IN_SCHEMA) publication.schemas.push_back(view(object->name));
    if (object->pubobjtype == PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA) publication.current_schema = true;
    if (object->pubtable == nullptr) continue;
    publication.tables.push_back(relation_name(origin, object->pubtable->relation));
    PublishedPart part;
    part.only = !object->pubtable->relation->inh;
    for (const ::Node* column : Each<::Node>(object->pubtable->columns)) part.columns.push_back(string_of(column));
    part.where = Expression(object->pubtable->whereClause);
    publication.parts.push_back(std::move(part));
  }
}

void add_publish(const Origin& origin, const ::List* options, Publication& publication) {
  const ::DefElem* publish = find_option(options, "publish");
  if (publish != nullptr) publication.publish = value_text(origin, publish->arg);
}

StatementNode create_publication(const Origin& origin, const ::CreatePublicationStmt& node) {
  Publication publication;
  publication.name = view(node.pubname);
  publication.all_tables = node.for_all_tables;
  add_publication_tables(origin, node.pubobjects, publication);
  add_publish(origin, node.options, publication);
  return publication;
}

StatementNode alter_publication(const Origin& origin, const ::AlterPublicationStmt& node) {
  Publication publication;
  publication.create = false;
  publication.name = view(node.pubname);
  publication.all_tables = node.for_all_tables;
  add_publication_tables(origin, node.pubobjects, publication);
  add_publish(origin, node.options, publication);
  if (node.options != nullptr) publication.change = Publication::Change::options;
  else if (node.action == AP_AddObjects) publication.change = Publication::Change::add;
  else if (node.action == AP_DropObjects) publication.change = Publication::Change::drop;
  return publication;
}

StatementNode convert_truncate(const Origin& origin, const ::TruncateStmt& node) {
  Truncate truncate;
  truncate.names = relation_names(origin, node.relations);
  for (const ::RangeVar* relation : Each<::RangeVar>(node.relations)) truncate.only.push_back(!relation->inh);
  truncate.restart_identity = node.restart_seqs;
  truncate.behavior = drop_behavior(node.behavior);
  return truncate;
}

StatementNode create_extension(const ::CreateExtensionStmt& node) {
  const ::DefElem* schema = find_option(node.options, "schema");
  return CreateExtension{view(node.extname), schema == nullptr ? std::string_view{} : string_of(schema->arg), node.if_not_exists};
}

}  // namespace

std::optional<StatementNode> convert_object(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_RenameStmt: return convert_rename(origin, as_node<::RenameStmt>(node));
    case T_AlterObjectSchemaStmt: {
      const auto& move = as_node<::AlterObjectSchemaStmt>(node);
      return AlterObjectSchema{object_kind(move.objectType), target_name(origin, move.relation, move.object), view(move.newschema),
                               move.missing_ok};
    }
    case T_AlterOwnerStmt: {
      const auto& owner = as_node<::AlterOwnerStmt>(node);
      return AlterOwner{object_kind(owner.objectType), target_name(origin, owner.relation, owner.object), role_name(owner.newowner)};
    }
    case T_DropStmt: return convert_drop(origin, as_node<::DropStmt>(node));
    case T_DropRoleStmt: return convert_drop_roles(origin, as_node<::DropRoleStmt>(node));
    case T_DropdbStmt: {
      const auto& drop = as_node<::DropdbStmt>(node);
      return drop_one(origin, ObjectKind::database, drop.dbname, drop.missing_ok);
    }
    case T_DropTableSpaceStmt: {
      const auto& drop = as_node<::DropTableSpaceStmt>(node);
      return drop_one(origin, ObjectKind::tablespace, drop.tablespacename, drop.missing_ok);
    }
    case T_DropSubscriptionStmt: {
      const auto& drop = as_node<::DropSubscriptionStmt>(node);
      return drop_one(origin, ObjectKind::subscription, drop.subname, drop.missing_ok);
    }
    case T_TruncateStmt: return convert_truncate(origin, as_node<::TruncateStmt>(node));
    case T_CommentStmt: return convert_comment(origin, as_node<::CommentStmt>(node));
    case T_GrantStmt: return convert_grant(origin, as_node<::GrantStmt>(node));
    case T_CreatePublicationStmt: return create_publication(origin, as_node<::CreatePublicationStmt>(node));
    case T_AlterPublicationStmt: return alter_publication(origin, as_node<::AlterPublicationStmt>(node));
    case T_CreateSchemaStmt: {
      const auto& schema = as_node<::CreateSchemaStmt>(node);
      // CREATE SCHEMA AUTHORIZATION role: the schema is named like the role.
      return CreateSchema{schema.schemaname != nullptr ? view(schema.schemaname) : role_name(schema.authrole), schema.if_not_exists};
    }
    case T_CreateExtensionStmt: return create_extension(as_node<::CreateExtensionStmt>(node));
    case T_AlterExtensionStmt: return AlterExtension{view(as_node<::AlterExtensionStmt>(node).extname)};
    case T_AlterExtensionContentsStmt: return AlterExtension{view(as_node<::AlterExtensionContentsStmt>(node).extname)};
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql
