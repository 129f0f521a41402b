// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.nio.charset.StandardCharsets;

/** The kinds of stored files. A magic is never changed; the format version is raised with every change of layout. */
enum FileKind {
    /** One atomic write of a persistence id: one event or several. */
    SLOT("MRSLOT\r\n", 1, ".slot"),
    /** The number up to which the slots of a persistence id are deleted. */
    DELETION("MRDELE\r\n", 1, ".deleted"),
    /** One snapshot of a persistence id. */
    SNAPSHOT("MRSNAP\r\n", 1, ".snapshot");

    /** Bytes of a magic. The line end shows transfers that took the file for text. */
    static final int MAGIC_BYTES = 8;

    private final byte[] magic;
    private final int version;
    private final String suffix;

    FileKind(String magic, int version, String suffix) {
        this.magic = magic.getBytes(StandardCharsets.US_ASCII);
        this.version = version;
        this.suffix = suffix;
    }

    byte[] magic() {
        return magic.clone();
    }

    /** The newest format version that this release reads and the one that it writes. */
    int version() {
        return version;
    }

    String suffix() {
        return suffix;
    }
}
