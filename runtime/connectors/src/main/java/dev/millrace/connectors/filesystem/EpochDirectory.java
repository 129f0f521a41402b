// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hidden directory of one owner of epochs, inside the directory of the table.
 *
 * <pre>
 *   (table)/.epochs/(owner)/0000000000000000004.slot     who owns the target since when, and which parts are complete
 *   (table)/.epochs/(owner)/0000000000000000004.rows     the part that was begun behind that slot
 *   (table)/.epochs/(owner)/0000000000000000004.epochs   how far each epoch reaches in it
 *   (table)/part-(owner)-0000000000000000004.json        the part when it is complete
 * </pre>
 */
final class EpochDirectory {
    private static final String PARENT = ".epochs";
    private static final String TEMPORARY = ".tmp";
    private static final Pattern NUMBERED = Pattern.compile("(\\d{19})\\.(slot|rows|epochs)");

    /** Until then a stalled sink finds the number taken that it goes for. */
    private static final Duration SLOTS_KEPT = Duration.ofHours(1);

    private final Path table;
    private final Path path;
    private final String owner;
    private final String suffix;

    /**
     * @param table where complete parts go
     * @param owner the durable name of the owner
     * @param format name of the format, which the names of files end with
     */
    EpochDirectory(Path table, String owner, String format) {
        this.table = table;
        this.owner = owner;
        path = table.resolve(PARENT).resolve(owner);
        suffix = "." + format;
    }

    String owner() {
        return owner;
    }

    void create() throws IOException {
        Files.createDirectories(path);
        force(path.getParent());
        force(table);
    }

    Path rows(long number) {
        return file(number, "rows");
    }

    Path epochs(long number) {
        return file(number, "epochs");
    }

    private Path file(long number, String kind) {
        return path.resolve("%019d.%s".formatted(number, kind));
    }

    /** All slots that are there. */
    NavigableMap<Long, EpochSlot> slots() throws IOException {
        TreeMap<Long, EpochSlot> slots = new TreeMap<>();
        for (Path file : list()) {
            Matcher name = NUMBERED.matcher(file.getFileName().toString());
            if (name.matches() && name.group(2).equals("slot")) {
                long number = Long.parseLong(name.group(1));
                EpochSlot slot = EpochSlot.decode(Files.readAllBytes(file), owner, number);
                if (slot == null) {
                    throw damaged(file);
                }
                slots.put(number, slot);
            }
        }
        return slots;
    }

    private List<Path> list() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            all.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /** @return false if somebody else has published it */
    boolean publish(long number, EpochSlot slot) throws IOException {
        Path temporary = path.resolve("." + UUID.randomUUID() + TEMPORARY);
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(slot.encode(owner, number));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        try {
            Files.createLink(file(number, "slot"), temporary);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException e) {
            throw new IOException("its file system has no hard links, which exactly once needs", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(path);
        return true;
    }

    /** Whether somebody has published this slot. Also if nobody can tell. */
    boolean isTaken(long number) {
        return !Files.notExists(file(number, "slot"));
    }

    /**
     * Shows a complete part.
     *
     * @return false if somebody else has: the part is not here any more
     */
    boolean show(long part) throws IOException {
        try {
            if (Files.size(rows(part)) == 0) {
                Files.delete(rows(part));
            } else {
                Path shown = table.resolve("part-%s-%019d%s".formatted(owner, part, suffix));
                // A rename, since the name here has to go in the same moment: whoever takes the shown file away must not
                // get it again.
                Files.move(rows(part), shown, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        force(table);
        force(path);
        Files.deleteIfExists(epochs(part));
        return true;
    }

    /** Removes what is of no use any more, now that a slot or its part says all. */
    void clean(long number) throws IOException {
        long newest = Files.getLastModifiedTime(file(number, "slot")).toMillis();
        for (Path file : list()) {
            Matcher name = NUMBERED.matcher(file.getFileName().toString());
            boolean isTemporary = file.getFileName().toString().endsWith(TEMPORARY);
            boolean isOlder = name.matches() && Long.parseLong(name.group(1)) < number;
            boolean isKept = isTemporary || isOlder && name.group(2).equals("slot");
            if ((isTemporary || isOlder) && !(isKept && isRecent(file, newest))) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Removes everything but the complete parts, which are not here. */
    void remove() throws IOException {
        if (Files.notExists(path)) {
            return;
        }
        for (Path file : list()) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(path);
        try {
            Files.deleteIfExists(path.getParent());
        } catch (DirectoryNotEmptyException e) {
            // Others are at work; the last one removes it.
        }
        force(table);
    }

    private static boolean isRecent(Path file, long newest) throws IOException {
        try {
            return newest - Files.getLastModifiedTime(file).toMillis() < SLOTS_KEPT.toMillis();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Makes the names of files durable. */
    void force() throws IOException {
        force(path);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static MillraceException damaged(Path file) {
        return new MillraceException(
                ErrorCode.STATE_DAMAGED,
                "file " + file + " does not hold what was written into it",
                "nobody can tell any more which rows are in the files of the table: restore the directory, or start"
                        + "\nthe job anew into an empty one");
    }
}
