// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.plan.EventTime;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs of different stages that read the same rows, and so share their readers. A function of the plan.
 *
 * @param members the inputs; the first one names the group
 */
record SourceGroup(List<Member> members) {
    /**
     * One input of one stage.
     *
     * @param stage number of the stage
     * @param input number of the input in the stage
     */
    record Member(int stage, int input) {}

    SourceGroup {
        members = List.copyOf(members);
    }

    Member leader() {
        return members.getFirst();
    }

    SourceInput source(JobPlan plan) {
        return source(plan, leader());
    }

    static SourceInput source(JobPlan plan, Member member) {
        return (SourceInput) plan.stages().get(member.stage()).inputs().get(member.input());
    }

    boolean contains(int stage, int input) {
        return members.contains(new Member(stage, input));
    }

    /** The group of an input. */
    static SourceGroup of(JobPlan plan, int stage, int input) {
        return of(plan).stream().filter(group -> group.contains(stage, input)).findFirst().orElseThrow();
    }

    /** All inputs of a plan that are tables, in groups. */
    static List<SourceGroup> of(JobPlan plan) {
        List<List<Member>> groups = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            for (int input = 0; input < stage.inputs().size(); input++) {
                if (stage.inputs().get(input) instanceof StageInput) {
                    continue;
                }
                Member member = new Member(stage.index(), input);
                List<Member> group = groups.stream()
                        .filter(other -> fits(plan, other, member))
                        .findFirst()
                        .orElse(null);
                if (group == null) {
                    group = new ArrayList<>();
                    groups.add(group);
                }
                group.add(member);
            }
        }
        return groups.stream().map(SourceGroup::new).toList();
    }

    /** Two inputs of one stage stay apart, because a partition knows its inputs by their readers. */
    private static boolean fits(JobPlan plan, List<Member> group, Member member) {
        SourceInput other = source(plan, member);
        return group.stream().allMatch(present -> {
            SourceInput one = source(plan, present);
            return present.stage() != member.stage()
                    && one.table().equals(other.table())
                    && agree(eventTime(one), eventTime(other));
        });
    }

    /** An input without event time goes with any. */
    private static boolean agree(EventTime one, EventTime other) {
        return one == null || other == null || one.equals(other);
    }

    /** The event time over the columns of the table, whatever columns the input decodes. */
    private static EventTime eventTime(SourceInput input) {
        return input.eventTime() == null
                ? null
                : new EventTime(
                        overTable(input.eventTime().rowTime(), input.columns()),
                        overTable(input.eventTime().watermark(), input.columns()));
    }

    private static Expression overTable(Expression expression, List<Integer> columns) {
        return switch (expression) {
            case ColumnReference reference -> new ColumnReference(columns.get(reference.index()), reference.type());
            case Literal literal -> literal;
            case Call call -> new Call(
                    call.operation(),
                    call.arguments().stream().map(argument -> overTable(argument, columns)).toList(),
                    call.type());
        };
    }
}
