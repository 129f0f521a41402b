// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions of {@code java.util.regex}. Keeps the last one, since they mostly repeat or are constant. */
public final class RegularExpression {
    private byte[] key;
    private Matcher matcher;

    /** Whether a part of the text matches. */
    public static boolean like(
            byte[] data,
            int start,
            int length,
            byte[] expression,
            int eStart,
            int eLength,
            RegularExpression cache) {
        Matcher matcher = cache.matcher(data, start, length, expression, eStart, eLength);
        try {
            return matcher.find();
        } catch (StackOverflowError tooDeep) {
            throw tooDeep(matcher);
        }
    }

    /** Replaces all matches; {@code $1} in the replacement stands for a group. */
    public static void replace(
            byte[] data,
            int start,
            int length,
            byte[] expression,
            int eStart,
            int eLength,
            byte[] replacement,
            int rStart,
            int rLength,
            RegularExpression cache,
            ByteSlice out) {
        Matcher matcher = cache.matcher(data, start, length, expression, eStart, eLength);
        try {
            if (!matcher.find()) {
                out.point(data, start, length);
                return;
            }
            out.set(matcher.replaceAll(Utf8.string(replacement, rStart, rLength)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException badReplacement) {
            throw RowFailure.function(
                    RowFailure.quoted(replacement, rStart, rLength) + " is not a valid replacement for the expression '"
                            + matcher.pattern() + "'");
        } catch (StackOverflowError tooDeep) {
            throw tooDeep(matcher);
        }
    }

    /** The first match of the expression's group, 0 for all of it. NULL where nothing matches. */
    public static boolean extract(
            byte[] data,
            int start,
            int length,
            byte[] expression,
            int eStart,
            int eLength,
            long group,
            RegularExpression cache,
            ByteSlice out) {
        Matcher matcher = cache.matcher(data, start, length, expression, eStart, eLength);
        if (group < 0 || group > matcher.groupCount()) {
            throw RowFailure.function("the expression '" + matcher.pattern() + "' has no group " + group);
        }
        try {
            if (!matcher.find() || matcher.group((int) group) == null) {
                return false;
            }
            out.set(matcher.group((int) group));
            return true;
        } catch (StackOverflowError tooDeep) {
            throw tooDeep(matcher);
        }
    }

    /** @throws RowFailure if it is no regular expression */
    public static Pattern check(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException bad) {
            throw RowFailure.function("'" + expression + "' is not a regular expression: " + bad.getDescription());
        }
    }

    private Matcher matcher(byte[] data, int start, int length, byte[] expression, int eStart, int eLength) {
        String text = Utf8.string(data, start, length);
        if (key == null || !Arrays.equals(key, 0, key.length, expression, eStart, eStart + eLength)) {
            matcher = check(Utf8.string(expression, eStart, eLength)).matcher(text);
            key = Arrays.copyOfRange(expression, eStart, eStart + eLength);
        }
        return matcher.reset(text);
    }

    /** The library recurses on the text's length for some expressions. */
    private static RowFailure tooDeep(Matcher matcher) {
        return RowFailure.function("the expression '" + matcher.pattern() + "' needs too many steps for this text");
    }
}
