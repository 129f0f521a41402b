// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.format.RecordFormat;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The connector {@code filesystem}.
 *
 * <p>Options: {@code path} (a file, a directory with all below it, or a glob; relative paths start at the working
 * directory), {@code format} with the options of the format, {@code source.splits} (how many splits the files are dealt
 * out to; as many as files, at most 8, without it), {@code on-error}, {@code dead-letter.path}.
 *
 * <p>A file belongs to one split as a whole. The files of a split are read in the order of their paths, and their rows
 * keep their order; rows of different splits have none.
 *
 * <p>Rows are written into part files in the directory {@code path}, which is made if it does not exist. A file is hidden
 * until it is whole. It holds the rows of several epochs of a partition and is published when the rolling policy says so
 * ({@code sink.rolling-policy.file-size}, 128 MB; {@code sink.rolling-policy.rollover-interval}, 1 min), or the partition
 * stops; where rows come at least once only, at the end of each epoch. Takes new rows only.
 */
public final class FilesystemConnector implements SourceConnector, SinkConnector {
    static final String PATH = "path";
    static final String SPLITS = "source.splits";

    /** Taken for the sake of existing scripts: the partitions of the job decide. */
    private static final String PARALLELISM = "sink.parallelism";

    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RECORD_BYTES_MAX = 1 << 20;
    private static final int SPLITS_MAX = 1024;

    private final Path workingDirectory;
    private final LongSupplier nanoClock;

    /**
     * @param workingDirectory what relative paths are relative to
     * @param nanoClock as {@link System#nanoTime}, for the rolling policy
     */
    public FilesystemConnector(Path workingDirectory, LongSupplier nanoClock) {
        this.workingDirectory = workingDirectory.toAbsolutePath();
        this.nanoClock = nanoClock;
    }

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public void validateSource(TableDefinition table) {
        validate(table);
    }

    @Override
    public void validateSink(TableDefinition table) {
        validate(table);
        TableOptions options = new TableOptions(table);
        String path = options.required(PATH, "");
        if (path.indexOf('*') >= 0 || path.indexOf('?') >= 0) {
            throw options.invalid(PATH, "rows are written into a directory: name it without * and ?");
        }
        new FileFinder(workingDirectory).directory(path);
        Formats.of(table).newRowFormat(table);
    }

    /** Checks what reading and writing have in common: a table may be used both ways. */
    private static void validate(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        // Before what is missing: a name that is spelt wrong is the likelier reason.
        Set<String> names = new HashSet<>(Formats.optionNames(table));
        names.addAll(List.of(PATH, Formats.OPTION, SPLITS, OnError.OPTION, OnError.PATH_OPTION, PARALLELISM));
        names.addAll(RollingPolicy.NAMES);
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
        options.integer(PARALLELISM, 1, 1, Integer.MAX_VALUE);
        RollingPolicy.of(options);
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

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.APPEND;
    }

    /** Makes the directory. */
    @Override
    public void checkTarget(TableDefinition table) {
        makeDirectory(table);
    }

    /** @throws MillraceException if the directory can't be made, or not be written to */
    @Override
    public Sink openSink(TableDefinition table, int partition) {
        RecordFormat format = Formats.of(table);
        PartDirectory directory =
                new PartDirectory(makeDirectory(table), partition, format.name(), FileChannel::open);
        return new FileSink(
                table.name(),
                directory,
                format.newRowFormat(table),
                RollingPolicy.of(new TableOptions(table)),
                nanoClock);
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return true;
    }

    /** @throws MillraceException if the directory can't be made, or not be written to */
    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        RecordFormat format = Formats.of(table);
        Path path = makeDirectory(table);
        return new FileEpochSink(
                table.name(),
                path,
                new EpochDirectory(path, owner.name(), format.name()),
                format.newRowFormat(table),
                RollingPolicy.of(new TableOptions(table)),
                nanoClock,
                owner);
    }

    private Path makeDirectory(TableDefinition table) {
        String value = new TableOptions(table).required(PATH, "");
        Path path = new FileFinder(workingDirectory).directory(value);
        try {
            Files.createDirectories(path);
            if (!Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            return path;
        } catch (FileAlreadyExistsException e) {
            throw FileSink.failed(table.name(), path, new NotDirectoryException(path.toString()));
        } catch (IOException e) {
            throw FileSink.failed(table.name(), path, e);
        }
    }
}
