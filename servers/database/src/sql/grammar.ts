/**
 * The node types a query may consist of, with every field each may have; `field:Type` is a field whose value is the node
 * itself instead of `{Type: node}`. What is not listed is refused, so grammar of a later PostgreSQL fails closed.
 */
export type Grammar = ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;

export const queryGrammar = grammar(`
Integer: ival
Float: fval
Boolean: boolval
String: sval
BitString: bsval
List: items
A_Const: ival:Integer fval:Float boolval:Boolean sval:String bsval:BitString isnull location
Alias: aliasname colnames
RangeVar: catalogname schemaname relname inh relpersistence alias:Alias location
GroupingFunc: args location
NamedArgExpr: arg name argnumber location
BoolExpr: boolop args location
SubLink: subLinkType testexpr operName subselect location
CaseExpr: arg args defresult location
CaseWhen: expr result location
RowExpr: args row_format colnames location
CoalesceExpr: args location
MinMaxExpr: op args location
SQLValueFunction: op typmod location
XmlExpr: op name named_args arg_names args xmloption indent typmod location
XmlSerialize: xmloption expr typeName:TypeName indent location
JsonFormat: format_type encoding location
JsonReturning: format:JsonFormat typmod
JsonValueExpr: raw_expr formatted_expr format:JsonFormat
JsonIsPredicate: expr format:JsonFormat item_type unique_keys location
JsonBehavior: btype expr coerce location
NullTest: arg nulltesttype argisrow location
BooleanTest: arg booltesttype location
JoinExpr: jointype isNatural larg rarg usingClause join_using_alias:Alias quals alias:Alias
TypeName: names setof typmods typemod arrayBounds location
ColumnRef: fields location
ParamRef: number location
A_Expr: kind name lexpr rexpr rexpr_list_start rexpr_list_end location
TypeCast: arg typeName:TypeName location
CollateClause: arg collname location
FuncCall: funcname args agg_order agg_filter over:WindowDef agg_within_group agg_star agg_distinct func_variadic funcformat location
A_Star:
A_Indices: is_slice lidx uidx
A_Indirection: arg indirection
A_ArrayExpr: elements list_start list_end location
ResTarget: name indirection val location
SortBy: node sortby_dir sortby_nulls useOp location
WindowDef: name refname partitionClause orderClause frameOptions startOffset endOffset location
RangeSubselect: lateral subquery alias:Alias
RangeFunction: lateral ordinality is_rowsfrom functions alias:Alias coldeflist
RangeTableFunc: lateral docexpr rowexpr namespaces columns alias:Alias location
RangeTableFuncCol: colname typeName:TypeName for_ordinality is_not_null colexpr coldefexpr location
RangeTableSample: relation method args repeatable location
ColumnDef: colname typeName:TypeName is_local collClause:CollateClause location
GroupingSet: kind content location
WithClause: ctes recursive location
CommonTableExpr: ctename aliascolnames ctematerialized ctequery search_clause:CTESearchClause cycle_clause:CTECycleClause location
CTESearchClause: search_col_list search_breadth_first search_seq_column location
CTECycleClause: cycle_col_list cycle_mark_column cycle_mark_value cycle_mark_default cycle_path_column location
JsonOutput: typeName:TypeName returning:JsonReturning
JsonArgument: val:JsonValueExpr name
JsonFuncExpr: op column_name context_item:JsonValueExpr pathspec passing output:JsonOutput on_empty:JsonBehavior on_error:JsonBehavior wrapper quotes location
JsonTablePathSpec: string name name_location location
JsonTable: context_item:JsonValueExpr pathspec:JsonTablePathSpec passing columns on_error:JsonBehavior alias:Alias lateral location
JsonTableColumn: coltype name typeName:TypeName pathspec:JsonTablePathSpec format:JsonFormat wrapper quotes columns on_empty:JsonBehavior on_error:JsonBehavior location
JsonKeyValue: key value:JsonValueExpr
JsonParseExpr: expr:JsonValueExpr output:JsonOutput unique_keys location
JsonScalarExpr: expr output:JsonOutput location
JsonSerializeExpr: expr:JsonValueExpr output:JsonOutput location
JsonObjectConstructor: exprs output:JsonOutput absent_on_null unique location
JsonArrayConstructor: exprs output:JsonOutput absent_on_null location
JsonArrayQueryConstructor: query output:JsonOutput format:JsonFormat absent_on_null location
JsonAggConstructor: output:JsonOutput agg_filter agg_order over:WindowDef location
JsonObjectAgg: constructor:JsonAggConstructor arg:JsonKeyValue absent_on_null unique
JsonArrayAgg: constructor:JsonAggConstructor arg:JsonValueExpr absent_on_null
SelectStmt: distinctClause targetList fromClause whereClause groupClause groupDistinct havingClause windowClause valuesLists sortClause limitOffset limitCount limitOption withClause:WithClause op all larg:SelectStmt rarg:SelectStmt
ExplainStmt: query options
VariableShowStmt: name
DefElem: defname arg defaction location
`);

/** Reads lines of `Type: field field:Type`. */
export function grammar(lines: string): Grammar {
  return new Map(
    lines
      .trim()
      .split("\n")
      .map((line) => {
        const [type = "", ...fields] = line.split(/:? /);
        return [type.replace(/:$/, ""), new Map(fields.map((field) => splitField(field)))];
      }),
  );
}

function splitField(field: string): [string, string | undefined] {
  const [name = "", type] = field.split(":");
  return [name, type];
}
