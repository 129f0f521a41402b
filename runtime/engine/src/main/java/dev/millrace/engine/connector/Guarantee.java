// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

import dev.millrace.engine.plan.TableDefinition;
import java.util.Map;

/** How often a row of a job's result comes into a target when things have gone wrong in between. */
public enum Guarantee {
    EXACTLY_ONCE("exactly-once"),
    AT_LEAST_ONCE("at-least-once");

    /** The option of a job that asks for one; without it exactly-once is asked for. */
    public static final String OPTION = "guarantee";

    private final String optionValue;

    Guarantee(String optionValue) {
        this.optionValue = optionValue;
    }

    /** The guarantee in options and messages. */
    public String optionValue() {
        return optionValue;
    }

    /** What is asked for: by the table's own options, else by those of the job. */
    public static Guarantee asked(SinkConnector connector, TableDefinition table, Map<String, String> jobOptions) {
        Guarantee own = connector.askedGuarantee(table);
        if (own != null) {
            return own;
        }
        return AT_LEAST_ONCE.optionValue.equals(jobOptions.get(OPTION)) ? AT_LEAST_ONCE : EXACTLY_ONCE;
    }

    /** What holds: what is asked for, as far as the connector can. */
    public static Guarantee of(SinkConnector connector, TableDefinition table, Map<String, String> jobOptions) {
        return connector.takesEpochs(table) ? asked(connector, table, jobOptions) : AT_LEAST_ONCE;
    }
}
