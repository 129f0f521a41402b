// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.Node;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.PlannedStatement;
import java.util.Map;

/** The savepoints of a node's jobs. Calls wait until what they ask for is done. */
interface Savepoints {
    /** Keeps the state of a running job under a name; the job goes on. */
    void create(SavepointName savepoint);

    /** The same, and the job stops at the cut. */
    void stop(SavepointName savepoint);

    void drop(SavepointName savepoint);

    /** Changes options of a job; where they change how its rows are spread, it goes on from a savepoint. */
    void alter(String job, Map<String, String> options);

    /** The savepoints of a job, the newest first, as a table. */
    PlannedStatement.Rows list(String job);

    /** The plan of a job. */
    JobPlan plan(String job);

    /** The plan of the job when the savepoint was taken. */
    JobPlan plan(SavepointName savepoint);

    static Savepoints of(Node node) {
        return new Savepoints() {
            @Override
            public void create(SavepointName savepoint) {
                throw missing();
            }

            @Override
            public void stop(SavepointName savepoint) {
                throw missing();
            }

            @Override
            public void drop(SavepointName savepoint) {
                throw missing();
            }

            @Override
            public void alter(String job, Map<String, String> options) {
                throw missing();
            }

            @Override
            public PlannedStatement.Rows list(String job) {
                throw missing();
            }

            @Override
            public JobPlan plan(String job) {
                throw missing();
            }

            @Override
            public JobPlan plan(SavepointName savepoint) {
                throw missing();
            }

            private MillraceException missing() {
                return new MillraceException(
                        ErrorCode.NOT_SUPPORTED, "savepoints are not supported yet",
                        "STOP JOB keeps the state of a job; RESUME JOB goes on from it");
            }
        };
    }
}
