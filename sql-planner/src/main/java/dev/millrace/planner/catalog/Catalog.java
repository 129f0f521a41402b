// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.catalog;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** The tables and views of a session, by name. Names are case-sensitive. Used by one thread at a time. */
public final class Catalog {
    private final TreeMap<String, CatalogEntry> entries = new TreeMap<>();

    /** The same tables and views under a catalog of its own. */
    public Catalog copy() {
        Catalog copy = new Catalog();
        copy.entries.putAll(entries);
        return copy;
    }

    /** The table or view, or null. */
    public CatalogEntry find(String name) {
        return entries.get(name);
    }

    /** The table or view; an error with the nearest name if there is none. */
    public CatalogEntry get(String name, SourceSpan position) {
        CatalogEntry entry = entries.get(name);
        if (entry == null) {
            throw notFound(name, position);
        }
        return entry;
    }

    /** The error for a name that stands for nothing. */
    public MillraceException notFound(String name, SourceSpan position) {
        String hint = entries.isEmpty() ? "there are no tables yet: CREATE TABLE " + name + " (…) WITH (…)"
                : NearestName.hint(name, entries.keySet(), "tables");
        return new MillraceException(ErrorCode.TABLE_NOT_FOUND, "table \"" + name + "\" not found", position, hint);
    }

    /** Adds a table or view under a name that is not taken. */
    public void add(CatalogEntry entry) {
        if (entries.putIfAbsent(entry.name(), entry) != null) {
            throw new IllegalStateException(entry.name() + " exists");
        }
    }

    /** Adds a table or view, in place of one of the same name. */
    public void replace(CatalogEntry entry) {
        entries.put(entry.name(), entry);
    }

    public void remove(String name) {
        entries.remove(name);
    }

    /** All tables and views, by name. */
    public Collection<CatalogEntry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /** The names of all tables and views. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }
}
