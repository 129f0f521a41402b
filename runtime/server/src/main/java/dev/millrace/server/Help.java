// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

/** The help of the command itself; each subcommand has its own. */
final class Help {
    private static final String TEXT = """
            Streaming SQL: one process on a laptop, or a cluster.

            usage: millrace COMMAND …

              run FILE          run a SQL script to its end; - reads it from standard input
              sql               a shell: statements by hand, rows as they come

              server            a node that takes jobs and queries over HTTP
              submit FILE       let a server carry out a script
              jobs              the jobs of a server
              job JOB           one of them
              partitions JOB    its partitions
              pause|resume|stop|drop JOB
              alter JOB         let it go on with other options, such as partitions
              savepoint create|ls|drop JOB [NAME]

              explain FILE      show how the queries of a script would run
              checkpoint ls|verify|inspect
                                what is stored, and whether it is sound

              bench WORKLOAD    measure a workload on the whole path, source to sink
              demo              windows over a market feed, live in the terminal

              COMMAND --help    what a command takes
              --version         version and commit
              --help            this help

            examples:
              millrace demo
              millrace run examples/orders/big_orders.sql
              millrace run report.sql --format json > report.jsonl
              echo "VALUES (1, 'one');" | millrace run -

            exit codes:
              0  success
              1  a job failed
              2  the SQL or the command line is not valid; nothing was run
            """;

    private Help() {}

    static String text() {
        return TEXT;
    }
}
