// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the files that an option {@code path} means: a file, all files of a directory and those below it, or those that a
 * glob matches. Files and directories whose names start with a dot or an underscore are left out, unless the path itself
 * names them. Sorted by path.
 */
final class FileFinder {
    private static final int FILES_MAX = 1_000_000;
    private static final int NAMES_LOOKED_AT_MAX = 10_000;
    private static final int NAMES_SHOWN_MAX = 10;
    private static final String GLOB_CHARACTERS = "*?[{";

    private final Path workingDirectory;

    /** @param workingDirectory what relative paths are relative to */
    FileFinder(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /**
     * Finds at least one file.
     *
     * @param value a path of the operating system, or a URI that starts with {@code file:}
     * @throws MillraceException if there is none, or a directory can't be read
     */
    List<Path> find(String value) {
        String text = localPath(value);
        Path path = directory(value);
        List<Path> files;
        if (Files.isRegularFile(path)) {
            files = List.of(path);
        } else if (Files.isDirectory(path)) {
            files = walk(path, file -> true);
            if (files.isEmpty()) {
                throw notFound(value, "is a directory without files", "names that start with . or _ do not count");
            }
        } else if (Files.exists(path)) {
            throw notFound(value, "is neither a file nor a directory", "copy what it holds into a file");
        } else if (isGlob(text)) {
            files = glob(value, Path.of(text));
        } else {
            throw missing(value, path);
        }
        return files;
    }

    /**
     * The directory that a path means to a sink, whether it is there or not.
     *
     * @param value a path of the operating system, or a URI that starts with {@code file:}
     */
    Path directory(String value) {
        try {
            return workingDirectory.resolve(localPath(value)).normalize();
        } catch (InvalidPathException e) {
            throw notFound(value, "is not a valid path", "check the path");
        }
    }

    private static String localPath(String value) {
        int colon = value.indexOf(':');
        boolean hasScheme = colon > 1 && value.substring(0, colon).chars().allMatch(Character::isLetterOrDigit);
        if (!hasScheme) {
            return value;
        }
        if (!value.startsWith("file:")) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "path '" + value + "': only local files can be read and written so far",
                    "copy the data to a local or mounted directory");
        }
        try {
            return isGlob(value) ? value.substring("file:".length()) : Path.of(URI.create(value)).toString();
        } catch (IllegalArgumentException e) {
            throw notFound(value, "is not a valid URI", "write it as file:///directory/name, or as a plain path");
        }
    }

    private static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> GLOB_CHARACTERS.indexOf(c) >= 0);
    }

    private List<Path> glob(String value, Path pattern) {
        Path literal = pattern;
        while (literal != null && isGlob(literal.toString())) {
            literal = literal.getParent();
        }
        Path base = literal == null ? workingDirectory : workingDirectory.resolve(literal).normalize();
        if (!Files.isDirectory(base)) {
            throw missing(value, base);
        }
        // Only the rest is a pattern: the directories above may have any characters in their names.
        Path rest = literal == null ? pattern : literal.relativize(pattern);
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + rest);
        } catch (PatternSyntaxException e) {
            throw notFound(value, "is not a valid pattern: " + e.getDescription(), "check its brackets and braces");
        }
        List<Path> files = walk(base, path -> matcher.matches(base.relativize(path)));
        if (files.isEmpty()) {
            List<String> names = names(base);
            String shown = String.join(", ", names.subList(0, Math.min(names.size(), NAMES_SHOWN_MAX)));
            String more = names.size() > NAMES_SHOWN_MAX ? ", …" : "";
            throw notFound(value, "matches no file", "directory " + base + " holds: " + shown + more);
        }
        return files;
    }

    private static List<Path> walk(Path directory, Predicate<Path> filter) {
        List<Path> files = new ArrayList<>();
        try {
            EnumSet<FileVisitOption> follow = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
            Files.walkFileTree(directory, follow, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    boolean isHidden = !path.equals(directory) && isHidden(path);
                    return isHidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    if (!isHidden(path) && attributes.isRegularFile() && filter.test(path)) {
                        if (files.size() == FILES_MAX) {
                            throw tooMany(directory);
                        }
                        files.add(path);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                    if (isHidden(path)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw FileIdentity.unreadable(path, e);
                }
            });
        } catch (IOException e) {
            throw FileIdentity.unreadable(directory, e);
        }
        Collections.sort(files);
        return files;
    }

    private static boolean isHidden(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.startsWith("_");
    }

    private static MillraceException tooMany(Path directory) {
        return new MillraceException(
                ErrorCode.OPTION_INVALID,
                "directory " + directory + " holds more than " + FILES_MAX + " files of this table",
                "name fewer files with a glob, or put several into one");
    }

    /** The error for a path that does not exist: says from where on, and what is there instead. */
    private static MillraceException missing(String value, Path path) {
        Path existing = path.getParent();
        Path gone = path;
        while (existing != null && !Files.isDirectory(existing)) {
            gone = existing;
            existing = existing.getParent();
        }
        if (existing == null) {
            return notFound(value, "does not exist", "check the path");
        }
        String what = gone.equals(path) ? "does not exist" : "does not exist: there is no directory " + gone;
        String name = gone.getFileName().toString();
        String there = NearestName.of(name, names(existing))
                .map(near -> "did you mean \"" + near + "\"? ")
                .orElse("");
        return notFound(value, what, there + "relative paths start at the directory in which Millrace was started");
    }

    private static List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (names.size() == NAMES_LOOKED_AT_MAX) {
                    break;
                }
                names.add(entry.getFileName().toString());
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Only a hint is lost; the error that it belongs to is told anyway.
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    private static MillraceException notFound(String value, String what, String hint) {
        return new MillraceException(ErrorCode.FILE_NOT_FOUND, "path '" + value + "' " + what, hint);
    }
}
