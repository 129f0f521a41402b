// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.engine.upgrade.Fate;
import dev.millrace.engine.upgrade.StateChange;
import dev.millrace.engine.upgrade.Upgrade;
import java.util.List;
import java.util.stream.Collectors;

/** What EXPLAIN UPGRADE says: a table of all state, and the verdict. */
public final class UpgradeText {
    private static final StateChange HEAD = new StateChange("operator", "state", Fate.KEPT, null);

    private UpgradeText() {}

    /**
     * Several lines, without a line break at the end.
     *
     * @param from what the state is of, such as {@code savepoint orders/s1}
     */
    public static String of(Upgrade upgrade, String from) {
        List<StateChange> changes = upgrade.changes();
        if (changes.isEmpty()) {
            return "there is no state";
        }
        int operators = width(changes.stream().map(StateChange::operator).toList(), HEAD.operator());
        int states = width(changes.stream().map(StateChange::state).toList(), HEAD.state());
        StringBuilder text = new StringBuilder();
        line(text, operators, states, HEAD.operator(), HEAD.state(), "what happens");
        String before = "";
        for (StateChange change : changes) {
            String operator = change.operator().equals(before) ? "" : change.operator();
            line(text, operators, states, operator, change.state(), change.outcome());
            before = change.operator();
        }
        return text.append('\n').append(verdict(upgrade, from)).toString();
    }

    private static int width(List<String> texts, String head) {
        return Math.max(head.length(), texts.stream().mapToInt(String::length).max().orElse(0));
    }

    private static void line(StringBuilder text, int operators, int states, String one, String two, String three) {
        text.append(one).repeat(' ', operators - one.length() + 2);
        text.append(two).repeat(' ', states - two.length() + 2);
        text.append(three).append('\n');
    }

    private static String verdict(Upgrade upgrade, String from) {
        if (upgrade.lost().isEmpty()) {
            boolean whole = upgrade.changes().stream().allMatch(change -> change.fate() == Fate.KEPT);
            return whole ? "all state of " + from + " is kept"
                    : "no state of " + from + " is lost that the query needs";
        }
        String lost = upgrade.lost().stream().map(StateChange::operator).distinct().collect(Collectors.joining("; "));
        return "refused, since state of " + from + " would be lost (" + lost
                + ");\nSET 'savepoint.allow-loss' = 'true' goes on without it";
    }
}
