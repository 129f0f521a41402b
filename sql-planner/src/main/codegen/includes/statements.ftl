/** True where a suffix of a query (EMIT, LATE INTO) stands, whose first word could also be read as an alias. */
JAVACODE boolean querySuffixAhead()
{
    final int first = getToken(1).kind;
    final int second = getToken(2).kind;
    return first == EMIT && (second == CHANGES || second == FINAL) || first == LATE && second == INTO;
}

/** A query with the suffixes of the dialect: EMIT CHANGES, EMIT FINAL, LATE INTO t. */
SqlNode QueryStatement() :
{
    final SqlNode query;
    EmitClause emit = null;
    SqlIdentifier lateTable = null;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    [ emit = EmitSuffix() ]
    [ <LATE> <INTO> lateTable = CompoundIdentifier() ]
    {
        return emit == null && lateTable == null ? query : new SqlQueryStatement(getPos(), query, emit, lateTable);
    }
}

EmitClause EmitSuffix() :
{
    final Span s;
}
{
    <EMIT> { s = span(); }
    (
        <CHANGES> { return new EmitClause(EmitClause.Mode.CHANGES, s.end(this)); }
    |
        <FINAL> { return new EmitClause(EmitClause.Mode.FINAL, s.end(this)); }
    )
}

SqlNode InsertStatement() :
{
    final Span s;
    final SqlIdentifier table;
    SqlNodeList columns = null;
    final SqlNode source;
}
{
    <INSERT> { s = span(); }
    <INTO> table = CompoundTableIdentifier()
    [ LOOKAHEAD(3) columns = ParenthesizedSimpleIdentifierList() ]
    source = QueryStatement()
    {
        return new SqlInsert(s.end(source), SqlNodeList.EMPTY, table, source, columns);
    }
}

SqlNode ExplainStatement() :
{
    final Span s;
    final SqlNode statement;
    boolean upgrade = false;
}
{
    <EXPLAIN> { s = span(); }
    [ LOOKAHEAD(2) <PLAN> <FOR> | <UPGRADE> { upgrade = true; } ]
    ( statement = InsertStatement() | statement = QueryStatement() )
    {
        return new SqlExplainStatement(s.end(statement), statement, upgrade);
    }
}

boolean IfNotExists() :
{
}
{
    LOOKAHEAD(2)
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

SqlCreate CreateTable(Span s, boolean replace) :
{
    boolean temporary = false;
    boolean stream = false;
    final boolean ifNotExists;
    final SqlIdentifier name;
    List<TableElement> elements = ImmutableList.of();
    String comment = null;
    SqlNodeList partitionedBy = SqlNodeList.EMPTY;
    List<OptionDefinition> options = ImmutableList.of();
    SqlNode query = null;
}
{
    [ <TEMPORARY> { temporary = true; } ]
    ( <TABLE> | <STREAM> { stream = true; } )
    ifNotExists = IfNotExists()
    name = CompoundIdentifier()
    [ elements = TableElements() ]
    [ <COMMENT> comment = SimpleStringLiteral() ]
    [ <PARTITIONED> <BY> partitionedBy = ParenthesizedSimpleIdentifierList() ]
    [ <WITH> options = Options() ]
    [
        <AS> query = QueryStatement()
        [ <WITH> options = Options() ]
    ]
    {
        return new SqlCreateTable(s.end(this), replace, ifNotExists, temporary, stream, name, elements, comment,
            partitionedBy, options, query);
    }
}

SqlCreate CreateView(Span s, boolean replace) :
{
    boolean temporary = false;
    final boolean ifNotExists;
    final SqlIdentifier name;
    SqlNodeList columns = null;
    final Token first;
    final SqlNode query;
}
{
    [ <TEMPORARY> { temporary = true; } ]
    <VIEW>
    ifNotExists = IfNotExists()
    name = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> { first = getToken(1); }
    query = QueryStatement()
    {
        return new SqlCreateView(s.end(this), replace, ifNotExists, temporary, name, columns, query,
            new SqlParserPos(first.beginLine, first.beginColumn));
    }
}

List<TableElement> TableElements() :
{
    final List<TableElement> elements = new ArrayList<TableElement>();
    TableElement element;
}
{
    <LPAREN>
    element = TableElement() { elements.add(element); }
    ( <COMMA> element = TableElement() { elements.add(element); } )*
    <RPAREN>
    {
        return elements;
    }
}

TableElement TableElement() :
{
    final TableElement element;
}
{
    (
        LOOKAHEAD(2)
        element = Watermark()
    |
        element = PrimaryKey()
    |
        element = Column()
    )
    {
        return element;
    }
}

TableElement Watermark() :
{
    final SqlIdentifier column;
    final SqlNode expression;
}
{
    <WATERMARK> <FOR> column = SimpleIdentifier()
    <AS> expression = Expression(ExprContext.ACCEPT_NON_QUERY)
    {
        return new WatermarkDefinition(column, expression);
    }
}

TableElement PrimaryKey() :
{
    final Span s;
    final SqlNodeList columns;
    boolean enforced = true;
}
{
    [ <CONSTRAINT> SimpleIdentifier() ]
    <PRIMARY> { s = span(); }
    <KEY> columns = ParenthesizedSimpleIdentifierList()
    [ <NOT> <ENFORCED> { enforced = false; } | <ENFORCED> ]
    {
        return new PrimaryKeyDefinition(columns, enforced, s.end(this));
    }
}

TableElement Column() :
{
    final SqlIdentifier name;
    SqlDataTypeSpec type = null;
    boolean nullable = true;
    SqlNode expression = null;
    boolean metadata = false;
    String metadataKey = null;
    boolean virtual = false;
    boolean primaryKey = false;
    String comment = null;
}
{
    name = SimpleIdentifier()
    (
        <AS> expression = Expression(ExprContext.ACCEPT_NON_QUERY)
    |
        type = DataType()
        [ <NOT> <NULL> { nullable = false; } | <NULL> ]
        [ <PRIMARY> <KEY> { primaryKey = true; } [ <NOT> <ENFORCED> ] ]
        [
            <METADATA> { metadata = true; }
            [ <FROM> metadataKey = SimpleStringLiteral() ]
            [ <VIRTUAL> { virtual = true; } ]
        ]
    )
    [ <COMMENT> comment = SimpleStringLiteral() ]
    {
        return new ColumnDefinition(name, type, nullable, expression, metadata, metadataKey, virtual, primaryKey,
            comment);
    }
}

List<OptionDefinition> Options() :
{
    final List<OptionDefinition> options = new ArrayList<OptionDefinition>();
}
{
    <LPAREN>
    [
        AddOption(options)
        ( <COMMA> AddOption(options) )*
    ]
    <RPAREN>
    {
        return options;
    }
}

void AddOption(List<OptionDefinition> options) :
{
    final String key;
    final SqlParserPos keyPosition;
    final SqlNode value;
}
{
    (
        key = SimpleStringLiteral() { keyPosition = getPos(); }
    |
        key = Identifier() { keyPosition = getPos(); }
    )
    <EQ> value = Literal()
    {
        options.add(OptionDefinition.of(key, keyPosition, value));
    }
}

/** The names of types that users of Flink know and Calcite does not. */
SqlTypeNameSpec DialectTypeName() :
{
    int precision = -1;
}
{
    <STRING> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, Integer.MAX_VALUE, getPos()); }
|
    <BYTES> { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, Integer.MAX_VALUE, getPos()); }
|
    <TIMESTAMP_LTZ>
    precision = PrecisionOpt()
    {
        return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, precision, getPos());
    }
}
