// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

/** What the shell says about itself. */
final class ShellHelp {
    static final String TEXT = """
            Statements end with a semicolon and may have several lines; several may stand on one.

              SELECT …;  VALUES …;           rows as they come, until the end or Ctrl-C
              CREATE TABLE t (…) WITH (…);   names what is to be read or written; CREATE VIEW v AS SELECT …;
              INSERT INTO t SELECT …;        starts a job, which goes on in the background
              CREATE TABLE t AS SELECT …;    makes the table and starts the job
              SHOW JOBS;  PAUSE | RESUME | STOP | DROP JOB j;
              SHOW TABLES;  DESCRIBE t;  SHOW CREATE TABLE t;  DROP TABLE t;
              EXPLAIN SELECT …;              how a query would run
              SET 'key' = 'value';  SET;  RESET 'key';

              Tab       completes keywords, tables, columns, functions
              Ctrl-R    searches what was typed before; the arrow keys go through it
              Ctrl-C    stops the query, or gives up what is being typed
              Ctrl-D    leaves, as quit; exit; and \\q do
            """;

    private ShellHelp() {}
}
