// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of files. They are dealt out to the splits in turn, in the order of their paths: where files are named by time,
 * all splits then stand at about the same time. A split's description is its list of files with their identities, one a
 * line; see {@link FilePosition} for its positions.
 */
final class FileSource implements Source {
    private static final int DEFAULT_SPLITS_MAX = 8;

    private final TableDefinition table;
    private final List<Integer> columns;
    private final FileFinder finder;
    private final ReadLimits limits;

    FileSource(TableDefinition table, List<Integer> columns, FileFinder finder, ReadLimits limits) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.finder = finder;
        this.limits = limits;
    }

    @Override
    public List<Split> resolveSplits() {
        TableOptions options = new TableOptions(table);
        List<Path> files = finder.find(options.required(FilesystemConnector.PATH, ""));
        int wanted = (int) options.integer(FilesystemConnector.SPLITS, DEFAULT_SPLITS_MAX, 1, Integer.MAX_VALUE);
        int count = Math.min(wanted, files.size());
        List<List<FileIdentity>> lists = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (i < count) {
                lists.add(new ArrayList<>());
            }
            lists.get(i % count).add(identify(files.get(i)));
        }
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<FileIdentity> list = lists.get(i);
            String description = list.stream().map(FileIdentity::encode).collect(Collectors.joining("\n"));
            splits.add(new Split(i, description, 0, FilePosition.of(list.size(), 0)));
        }
        return splits;
    }

    @Override
    public SplitReader open(Split split, long position) {
        List<FileIdentity> files = split.description().lines().map(FileIdentity::decode).toList();
        RecordDecoder decoder = Formats.of(table).newDecoder(table, columns, limits.recordBytesMax());
        return new FileSplitReader(table.name(), files, position, decoder, limits, OnError.of(table));
    }

    private static FileIdentity identify(Path file) {
        FileIdentity identity = FileIdentity.of(file);
        if (identity.size() >= FilePosition.OFFSET_END) {
            throw new MillraceException(
                    ErrorCode.FILE_UNREADABLE,
                    "file " + file + " is larger than 1 TiB",
                    "split the file into smaller ones");
        }
        return identity;
    }
}
