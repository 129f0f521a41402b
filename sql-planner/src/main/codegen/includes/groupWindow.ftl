/** True at WINDOW TUMBLING ( and the like; a named window of OVER reads WINDOW w AS ( instead. */
JAVACODE boolean groupWindowAhead()
{
    return getToken(1).kind == WINDOW && getToken(3).kind == LPAREN;
}

/**
 * The window of a GROUP BY as a clause:
 * TUMBLING (SIZE 1 MINUTE [, GRACE PERIOD 10 SECONDS]), TUMBLING(1m), TUMBLING(ts, INTERVAL '1' MINUTE), and likewise
 * HOPPING, SLIDING, SESSION, CUMULATE.
 */
SqlGroupWindow GroupWindow() :
{
    final Span s;
    final SqlGroupWindow.Kind kind;
    SqlIdentifier time = null;
    SqlNode duration;
    SqlNode grace = null;
    final List<SqlNode> durations = new ArrayList<SqlNode>();
}
{
    <WINDOW> { s = span(); }
    (
        ( <TUMBLING> | <TUMBLE> ) { kind = SqlGroupWindow.Kind.TUMBLING; }
    |
        ( <HOPPING> | <HOP> ) { kind = SqlGroupWindow.Kind.HOPPING; }
    |
        <SLIDING> { kind = SqlGroupWindow.Kind.SLIDING; }
    |
        <SESSION> { kind = SqlGroupWindow.Kind.SESSION; }
    )
    <LPAREN>
    (
        LOOKAHEAD(2)
        <SIZE> duration = Duration() { durations.add(duration); }
        [
            LOOKAHEAD(2)
            <COMMA> Word("ADVANCE") <BY> duration = Duration() { durations.add(duration); }
        ]
    |
        [
            LOOKAHEAD(2)
            time = CompoundIdentifier() <COMMA>
        ]
        duration = Duration() { durations.add(duration); }
        (
            LOOKAHEAD(2, { getToken(2).kind != GRACE })
            <COMMA> duration = Duration() { durations.add(duration); }
        )*
    )
    [ <COMMA> <GRACE> <PERIOD> grace = Duration() ]
    <RPAREN>
    {
        return new SqlGroupWindow(s.end(this), kind, time, durations, grace);
    }
}

/** A word that is not a keyword anywhere else. */
void Word(String word) :
{
}
{
    <IDENTIFIER>
    {
        if (!token.image.equalsIgnoreCase(word)) {
            throw SqlGroupWindow.expected(word, token.image, getPos());
        }
    }
}

/** INTERVAL '1' MINUTE, 1 MINUTE or 1m. */
SqlNode Duration() :
{
    final SqlNode interval;
    final int number;
    final Span s;
}
{
    <INTERVAL> { s = span(); }
    (
        interval = IntervalValue(s) { return interval; }
    )
|
    number = UnsignedIntLiteral() { s = span(); }
    (
        <SECOND> | <MINUTE> | <HOUR> | <DAY> | SimpleIdentifier()
    )
    {
        return SqlGroupWindow.duration(number, token.image, s.end(this));
    }
}

SqlNode IntervalValue(Span s) :
{
    final String value;
    final SqlIntervalQualifier qualifier;
}
{
    <QUOTED_STRING> { value = SqlParserUtil.parseString(token.image); }
    qualifier = IntervalQualifier()
    {
        return SqlParserUtil.parseIntervalLiteral(s.end(this), 1, value, qualifier);
    }
}
