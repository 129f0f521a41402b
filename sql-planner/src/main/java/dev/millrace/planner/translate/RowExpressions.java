// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Expression;
import java.util.List;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexNode;

/** Expressions of CREATE TABLE: computed columns and watermarks. */
public final class RowExpressions {
    private RowExpressions() {}

    /**
     * The only column of {@code SELECT expression FROM table}.
     *
     * @param inputs what stands behind the table's columns
     */
    public static Expression of(RelRoot root, List<Expression> inputs) {
        Project project = (Project) root.rel;
        RexNode expression = project.getProjects().getFirst();
        return new ExpressionTranslator(root.rel.getCluster().getRexBuilder(), inputs).translate(expression);
    }
}
