// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import dev.millrace.engine.error.MillraceException;
import java.util.List;
import java.util.Map;

/**
 * What a script came to.
 *
 * @param results one for each statement that was carried out, in order
 * @param errors what was wrong, with places in the script; a script that can't be planned was not begun
 * @param options the options that are set after the script, to be given to the next one of the same session
 * @param json all of it as the server said it
 */
public record StatementsAnswer(
        List<StatementResult> results, List<MillraceException> errors, Map<String, String> options, String json) {
    public StatementsAnswer {
        results = List.copyOf(results);
        errors = List.copyOf(errors);
        options = Map.copyOf(options);
    }
}
