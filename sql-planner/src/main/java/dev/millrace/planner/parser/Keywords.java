// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.planner.parser.impl.MillraceParser;
import java.io.StringReader;
import java.util.Locale;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/** The words of the grammar. */
final class Keywords {
    private Keywords() {}

    /** Whether the word can be a name only in back quotes. Reading the grammar takes a moment: for error texts only. */
    static boolean isReserved(String word) {
        SqlAbstractParserImpl.Metadata metadata =
                MillraceParser.FACTORY.getParser(new StringReader("")).getMetadata();
        return metadata.isReservedWord(word.toUpperCase(Locale.ROOT));
    }
}
