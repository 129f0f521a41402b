// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.Collection;
import java.util.List;

/** What can be completed besides keywords. */
interface Names {
    /** Tables and views, in order of their names. */
    Collection<String> tables();

    /** The columns of a table or view; none if there is no such table. */
    List<String> columns(String table);

    /** Functions, in upper case. */
    Collection<String> functions();

    /** Jobs that were started here. */
    Collection<String> jobs();
}
