// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.expression.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlNameMatcher;

/**
 * The operators and functions of the dialect: Calcite's operators, those of its functions that the engine has an
 * operation for, and functions known from other systems. What is not in here is refused by name, with its position.
 */
final class DialectOperatorTable implements SqlOperatorTable {
    private static final Set<String> STANDARD_FUNCTIONS = Set.of(
            "ABS", "AVG", "CAST", "CEIL", "CHARACTER_LENGTH", "CHAR_LENGTH", "COALESCE", "COUNT", "DAYOFMONTH",
            "DAYOFWEEK", "DAYOFYEAR", "EXTRACT", "EXP", "FLOOR", "HOUR", "INITCAP", "LAG", "LN", "LOG10", "LOWER",
            "MAX", "MIN", "MINUTE", "MOD", "MONTH", "NULLIF", "OCTET_LENGTH", "POSITION", "POWER", "QUARTER", "REPLACE",
            "ROUND", "ROW_NUMBER", "SECOND", "SIGN", "SUBSTRING", "SUM", "TIMESTAMPADD", "TIMESTAMPDIFF", "TRIM",
            "TRUNCATE",
            "UPPER", "WEEK", "YEAR");

    private static final SqlReturnTypeInference STRING = ReturnTypes.explicit(SqlTypeName.VARCHAR, Integer.MAX_VALUE)
            .andThen(SqlTypeTransforms.TO_NULLABLE);
    private static final SqlReturnTypeInference NULLABLE_STRING =
            ReturnTypes.explicit(SqlTypeName.VARCHAR, Integer.MAX_VALUE).andThen(SqlTypeTransforms.FORCE_NULLABLE);
    private static final SqlReturnTypeInference NULLABLE_TIMESTAMP =
            ReturnTypes.explicit(SqlTypeName.TIMESTAMP, 3).andThen(SqlTypeTransforms.FORCE_NULLABLE);
    private static final SqlReturnTypeInference NULLABLE_DATE =
            ReturnTypes.explicit(SqlTypeName.DATE).andThen(SqlTypeTransforms.FORCE_NULLABLE);

    // Behind the constants above, which the constructor reads.
    static final DialectOperatorTable INSTANCE = new DialectOperatorTable();

    private final Map<String, List<SqlOperator>> byName = new HashMap<>();
    private final TreeSet<String> functionNames = new TreeSet<>();
    private final List<SqlOperator> all = new ArrayList<>();

    private DialectOperatorTable() {
        for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
            boolean windowFunction = operator == SqlStdOperatorTable.TUMBLE
                    || operator == SqlStdOperatorTable.HOP || operator == SqlStdOperatorTable.SESSION;
            boolean taken = operator instanceof SqlFunction
                    ? STANDARD_FUNCTIONS.contains(operator.getName()) || operator == SqlStdOperatorTable.DESCRIPTOR
                    : !windowFunction;
            if (taken) {
                add(operator);
            }
        }
        add(TumbleFunction.INSTANCE);
        add(SqlLibraryOperators.TRY_CAST);
        strings();
        numbers();
        times();
    }

    private void strings() {
        SqlOperandTypeChecker one = OperandTypes.CHARACTER;
        SqlOperandTypeChecker two = OperandTypes.CHARACTER_CHARACTER;
        SqlOperandTypeChecker oneOrTwo = OperandTypes.family(
                List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER), i -> i == 1);
        SqlOperandTypeChecker three = OperandTypes.family(
                SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER);
        SqlOperandTypeChecker withInteger = OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER);
        SqlOperandTypeChecker pad = OperandTypes.family(
                List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER, SqlTypeFamily.CHARACTER), i -> i == 2);
        function("LENGTH", Operation.CHAR_LENGTH, ReturnTypes.INTEGER_NULLABLE, one);
        function("LTRIM", Operation.LTRIM, STRING, oneOrTwo);
        function("RTRIM", Operation.RTRIM, STRING, oneOrTwo);
        function("BTRIM", Operation.TRIM, STRING, oneOrTwo);
        function("SUBSTR", Operation.SUBSTRING, STRING, OperandTypes.family(
                List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER), i -> i == 2));
        function("CONCAT", Operation.CONCAT, STRING, OperandTypes.repeat(
                SqlOperandCountRanges.from(2), OperandTypes.CHARACTER));
        function("CONCAT_WS", Operation.CONCAT_WS, STRING, OperandTypes.repeat(
                SqlOperandCountRanges.from(2), OperandTypes.CHARACTER));
        function("LPAD", Operation.LPAD, STRING, pad);
        function("RPAD", Operation.RPAD, STRING, pad);
        function("LEFT", Operation.LEFT, STRING, withInteger);
        function("RIGHT", Operation.RIGHT, STRING, withInteger);
        function("REPEAT", Operation.REPEAT, STRING, withInteger);
        function("REVERSE", Operation.REVERSE, STRING, one);
        for (String name : List.of("STARTS_WITH", "STARTSWITH")) {
            function(name, Operation.STARTS_WITH, ReturnTypes.BOOLEAN_NULLABLE, two);
        }
        for (String name : List.of("ENDS_WITH", "ENDSWITH")) {
            function(name, Operation.ENDS_WITH, ReturnTypes.BOOLEAN_NULLABLE, two);
        }
        function("SPLIT_INDEX", Operation.SPLIT_INDEX, NULLABLE_STRING, OperandTypes.family(
                SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER));
        for (String name : List.of("REGEXP", "REGEXP_LIKE")) {
            function(name, Operation.REGEXP_LIKE, ReturnTypes.BOOLEAN_NULLABLE, two);
        }
        function("REGEXP_REPLACE", Operation.REGEXP_REPLACE, STRING, three);
        function("REGEXP_EXTRACT", Operation.REGEXP_EXTRACT, NULLABLE_STRING, OperandTypes.family(
                List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER), i -> i == 2));
    }

    private void numbers() {
        function("SQRT", Operation.SQRT, ReturnTypes.DOUBLE_NULLABLE, OperandTypes.NUMERIC);
        function("POW", Operation.POWER, ReturnTypes.DOUBLE_NULLABLE, OperandTypes.NUMERIC_NUMERIC);
        for (Operation operation : List.of(Operation.GREATEST, Operation.LEAST)) {
            function(operation.name(), operation, ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.TO_NULLABLE),
                    OperandTypes.SAME_VARIADIC);
        }
        for (String name : List.of("IFNULL", "NVL")) {
            function(name, Operation.COALESCE,
                    ReturnTypes.LEAST_RESTRICTIVE.andThen(SqlTypeTransforms.LEAST_NULLABLE), OperandTypes.SAME_SAME);
        }
        function("IF", Operation.CASE, ReturnTypes.NVL2_RESTRICTIVE, OperandTypes.family(
                SqlTypeFamily.BOOLEAN, SqlTypeFamily.ANY, SqlTypeFamily.ANY));
    }

    private void times() {
        SqlOperandTypeChecker textAndPattern = OperandTypes.family(
                List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER), i -> i == 1);
        function("DATE_FORMAT", Operation.DATE_FORMAT, STRING, OperandTypes.or(
                OperandTypes.family(SqlTypeFamily.TIMESTAMP, SqlTypeFamily.CHARACTER),
                OperandTypes.family(SqlTypeFamily.DATE, SqlTypeFamily.CHARACTER),
                OperandTypes.CHARACTER_CHARACTER));
        function("DATE_TRUNC", Operation.DATE_TRUNC, ReturnTypes.ARG1_NULLABLE, OperandTypes.or(
                OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.TIMESTAMP),
                OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATE)));
        function("TO_TIMESTAMP", Operation.TO_TIMESTAMP, NULLABLE_TIMESTAMP, textAndPattern);
        function("TO_DATE", Operation.TO_DATE, NULLABLE_DATE, textAndPattern);
        function("FROM_UNIXTIME", Operation.FROM_UNIXTIME, STRING, OperandTypes.family(
                List.of(SqlTypeFamily.INTEGER, SqlTypeFamily.CHARACTER), i -> i == 1));
        function("UNIX_TIMESTAMP", Operation.UNIX_TIMESTAMP, ReturnTypes.BIGINT_FORCE_NULLABLE, OperandTypes.or(
                OperandTypes.family(SqlTypeFamily.TIMESTAMP), textAndPattern));
    }

    private void function(
            String name, Operation operation, SqlReturnTypeInference result, SqlOperandTypeChecker operands) {
        add(new DialectFunction(name, operation, result, operands));
    }

    private void add(SqlOperator operator) {
        all.add(operator);
        byName.computeIfAbsent(operator.getName().toUpperCase(Locale.ROOT), name -> new ArrayList<>(1)).add(operator);
        if (operator instanceof SqlFunction && Character.isLetter(operator.getName().charAt(0))) {
            functionNames.add(operator.getName());
        }
    }

    /** Names of all functions, for hints. */
    Set<String> functionNames() {
        return functionNames;
    }

    @Override
    public void lookupOperatorOverloads(
            SqlIdentifier name, SqlFunctionCategory category, SqlSyntax syntax, List<SqlOperator> found,
            SqlNameMatcher matcher) {
        if (!name.isSimple()) {
            return;
        }
        // Function names are never case-sensitive, though identifiers are.
        for (SqlOperator operator : byName.getOrDefault(name.getSimple().toUpperCase(Locale.ROOT), List.of())) {
            // COUNT, CAST and the like are functions with a syntax of their own.
            boolean function = syntax == SqlSyntax.FUNCTION && operator instanceof SqlFunction;
            if (function || operator.getSyntax().family == syntax) {
                found.add(operator);
            }
        }
    }

    @Override
    public List<SqlOperator> getOperatorList() {
        return all;
    }
}
