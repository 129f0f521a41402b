// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.format.RecordFormat;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The connector {@code filesystem}, for reading.
 *
 * <p>Options: {@code path} (a file, a directory with all below it, or a glob; relative paths start at the working
 * directory), {@code format} with the options of the format, {@code source.splits} (how many splits the files are dealt
 * out to; as many as files, at most 8, without it), {@code on-error}, {@code dead-letter.path}.
 *
 * <p>A file belongs to one split as a whole. The files of a split are read in the order of their paths, and their rows
 * keep their order; rows of different splits have none.
 */
public final class FilesystemConnector implements SourceConnector {
    static final String PATH = "path";
    static final String SPLITS = "source.splits";

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RECORD_BYTES_MAX = 1 << 20;
    private static final int SPLITS_MAX = 1024;

    private final Path workingDirectory;

    /** @param workingDirectory what relative paths are relative to */
    public FilesystemConnector(Path workingDirectory) {
        this.workingDirectory = workingDirectory.toAbsolutePath();
    }

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public void validateSource(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        // Before what is missing: a name that is spelt wrong is the likelier reason.
        Set<String> names = new HashSet<>(Formats.optionNames(table));
        names.addAll(List.of(PATH, Formats.OPTION, SPLITS, OnError.OPTION, OnError.PATH_OPTION));
        options.checkNames(names);
        options.required(PATH, "data/orders.json");
        RecordFormat format = Formats.of(table);
        if (table.schema().size() == 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY,
                    "table \"" + table.name() + "\" has no columns",
                    "name the columns of the files with their types: CREATE TABLE " + table.name() + " (…) WITH (…)");
        }
        options.integer(SPLITS, 1, 1, SPLITS_MAX);
        OnError.of(table);
        format.validate(table);
    }

    @Override
    public boolean isBounded(TableDefinition table) {
        return true;
    }

    @Override
    public Source openSource(TableDefinition table, List<Integer> columns) {
        FileFinder finder = new FileFinder(workingDirectory);
        return new FileSource(table, columns, finder, new ReadLimits(CHUNK_BYTES, RECORD_BYTES_MAX));
    }
}
