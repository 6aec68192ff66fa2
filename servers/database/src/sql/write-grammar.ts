import { type Grammar, grammar, queryGrammar } from "./grammar.js";

/** What INSERT, UPDATE, DELETE and MERGE add to the grammar of queries. */
export const changeGrammar: Grammar = new Map([
  ...queryGrammar,
  ...grammar(`
InsertStmt: relation:RangeVar cols selectStmt onConflictClause:OnConflictClause returningClause:ReturningClause withClause:WithClause override
DeleteStmt: relation:RangeVar usingClause whereClause returningClause:ReturningClause withClause:WithClause
UpdateStmt: relation:RangeVar targetList whereClause fromClause returningClause:ReturningClause withClause:WithClause
MergeStmt: relation:RangeVar sourceRelation joinCondition mergeWhenClauses returningClause:ReturningClause withClause:WithClause
MergeWhenClause: matchKind commandType override condition targetList values
MergeSupportFunc: location
MultiAssignRef: source colno ncolumns
SetToDefault: location
OnConflictClause: action infer:InferClause targetList whereClause location
InferClause: indexElems whereClause conname location
IndexElem: name expr indexcolname collation opclass opclassopts ordering nulls_ordering
ReturningClause: options exprs
ReturningOption: option value location
`),
]);

/** The definitions that can be tried in a transaction and that name everything they run. */
export const definitionGrammar: Grammar = new Map([
  ...queryGrammar,
  ...grammar(`
RoleSpec: roletype rolename location
DefElem: defnamespace defname arg defaction location
ColumnDef: colname typeName:TypeName compression inhcount is_local is_not_null storage_name raw_default identity generated collClause:CollateClause constraints location
Constraint: contype conname deferrable initdeferred is_enforced skip_validation initially_valid is_no_inherit raw_expr generated_when generated_kind nulls_not_distinct keys without_overlaps including exclusions options indexname access_method where_clause pktable:RangeVar fk_attrs pk_attrs fk_with_period pk_with_period fk_matchtype fk_upd_action fk_del_action fk_del_set_cols location
IndexElem: name expr indexcolname collation opclass opclassopts ordering nulls_ordering
TableLikeClause: relation:RangeVar options
PartitionElem: name expr collation opclass location
PartitionSpec: strategy partParams location
PartitionBoundSpec: strategy is_default modulus remainder listdatums lowerdatums upperdatums location
PartitionRangeDatum: kind value location
PartitionCmd: name:RangeVar bound:PartitionBoundSpec
SetToDefault: location
IntoClause: rel:RangeVar colNames accessMethod options onCommit skipData
StatsElem: name expr
ReplicaIdentityStmt: identity_type name
ATAlterConstraint: conname alterEnforceability is_enforced alterDeferrability deferrable initdeferred alterInheritability noinherit
ObjectWithArgs: objname objargs objfuncargs args_unspecified
FunctionParameter: name argType:TypeName mode location
AccessPriv: priv_name cols
TriggerTransition: name isNew isTable
VacuumRelation: relation:RangeVar va_cols
CreateStmt: relation:RangeVar tableElts inhRelations partbound:PartitionBoundSpec partspec:PartitionSpec ofTypename:TypeName constraints nnconstraints options oncommit accessMethod if_not_exists
CreateTableAsStmt: query into:IntoClause objtype if_not_exists
AlterTableStmt: relation:RangeVar cmds objtype missing_ok
AlterTableCmd: subtype name num def behavior missing_ok recurse
IndexStmt: idxname relation:RangeVar accessMethod indexParams indexIncludingParams options whereClause excludeOpNames unique nulls_not_distinct primary isconstraint deferrable initdeferred if_not_exists
ViewStmt: view:RangeVar aliases query replace options withCheckOption
RefreshMatViewStmt: skipData relation:RangeVar
CreateSeqStmt: sequence:RangeVar options for_identity if_not_exists
AlterSeqStmt: sequence:RangeVar options for_identity missing_ok
CreateSchemaStmt: schemaname authrole:RoleSpec if_not_exists
CreateEnumStmt: typeName vals
AlterEnumStmt: typeName oldVal newVal newValNeighbor newValIsAfter skipIfNewValExists
CompositeTypeStmt: typevar:RangeVar coldeflist
CreateDomainStmt: domainname typeName:TypeName collClause:CollateClause constraints
AlterDomainStmt: subtype typeName name def behavior missing_ok
CreateStatsStmt: defnames stat_types exprs relations if_not_exists
CreatePolicyStmt: policy_name table:RangeVar cmd_name permissive roles qual with_check
AlterPolicyStmt: policy_name table:RangeVar roles qual with_check
CreateTrigStmt: replace isconstraint trigname relation:RangeVar funcname args row timing events columns whenClause transitionRels deferrable initdeferred constrrel:RangeVar
RenameStmt: renameType relationType relation:RangeVar object subname newname behavior missing_ok
AlterObjectSchemaStmt: objectType relation:RangeVar object newschema missing_ok
CommentStmt: objtype object comment
DropStmt: objects removeType behavior missing_ok
TruncateStmt: relations restart_seqs behavior
GrantStmt: is_grant targtype objtype objects privileges grantees grant_option behavior
VacuumStmt: options rels
ReindexStmt: kind relation:RangeVar
`),
]);
