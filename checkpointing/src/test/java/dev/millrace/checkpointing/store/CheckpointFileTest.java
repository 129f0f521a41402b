// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckpointFileTest {
    private static final FileKind KIND = FileKind.SNAPSHOT;

    @Test
    void shouldReadBackSectionsOfAnySizeInPiecesOfAnySize() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int[] sizes = {0, 1, 16_383, 16_384, 16_385, 0, 1 << 20, (1 << 20) + 1, 3_000_000, 7};
        List<byte[]> sections = new ArrayList<>();
        for (int size : sizes) {
            byte[] section = new byte[size];
            random.nextBytes(section);
            sections.add(section);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        CheckpointOutput out = new CheckpointOutput(file, KIND);
        for (byte[] section : sections) {
            for (int at = 0; at < section.length;) {
                int part = Math.min(section.length - at, pieceBytes(random));
                if (part == 1) {
                    out.write(section[at]);
                } else {
                    out.write(section, at, part);
                }
                at += part;
            }
            out.endSection();
        }
        out.finish();

        CheckpointInput in = open(file.toByteArray());
        for (int i = 0; i < sections.size(); i++) {
            if (i > 0) {
                in.nextSection();
            }
            byte[] expected = sections.get(i);
            byte[] actual = new byte[expected.length];
            for (int at = 0; at < actual.length;) {
                int part = Math.min(actual.length - at, pieceBytes(random));
                if (part == 1) {
                    actual[at++] = (byte) in.read();
                } else {
                    at += in.read(actual, at, part);
                }
            }
            assertArrayEquals(expected, actual);
            assertEquals(-1, in.read());
            assertEquals(-1, in.read(new byte[10], 0, 10));
        }
        in.finish();
    }

    @Test
    void shouldDetectEveryFlippedBit() throws IOException {
        byte[] file = smallFile(KIND.version());
        assertEquals("hello world", readSmall(file));
        for (int i = 0; i < file.length * 8; i++) {
            byte[] flipped = file.clone();
            flipped[i / 8] ^= (byte) (1 << i % 8);
            MillraceException e = assertThrows(MillraceException.class, () -> readSmall(flipped));
            assertEquals(ErrorCode.STATE_DAMAGED, e.code());
        }
    }

    @Test
    void shouldDetectTruncationAtEveryByteAndBytesAfterTheEnd() throws IOException {
        byte[] file = smallFile(KIND.version());
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(MillraceException.class, () -> readSmall(cut));
        }
        byte[] longer = Arrays.copyOf(file, file.length + 1);
        assertThrows(MillraceException.class, () -> readSmall(longer));
    }

    @Test
    void shouldSayWhichReleaseWroteANewerFormat() throws IOException {
        byte[] file = smallFile(KIND.version() + 1);
        MillraceException e = assertThrows(MillraceException.class, () -> readSmall(file));
        assertEquals(ErrorCode.STATE_NEWER, e.code());
        assertTrue(e.getMessage().matches(".*format 2, written by millrace \\d.*"), e.getMessage());
    }

    @Test
    void shouldRefuseAFileOfAnotherKind() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        new CheckpointOutput(file, FileKind.SLOT).finish();
        MillraceException e = assertThrows(MillraceException.class, () -> open(file.toByteArray()));
        assertEquals(ErrorCode.STATE_DAMAGED, e.code());
    }

    @Test
    void shouldRefuseContentThatLeavesBytesOfItsSection() throws IOException {
        byte[] file = smallFile(KIND.version());
        CheckpointInput in = open(file);
        in.read();
        assertThrows(MillraceException.class, in::nextSection);
    }

    private static int pieceBytes(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> 1;
            case 1 -> 1 + random.nextInt(40_000);
            default -> 1 + random.nextInt(2_000_000);
        };
    }

    private static byte[] smallFile(int version) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        CheckpointOutput out = new CheckpointOutput(file, KIND, version);
        out.write("hello ".getBytes());
        out.endSection();
        out.write("world".getBytes());
        out.endSection();
        out.finish();
        return file.toByteArray();
    }

    private static String readSmall(byte[] file) throws IOException {
        CheckpointInput in = open(file);
        return in.refusingShortSections(framed -> {
            byte[] first = new byte[6];
            new DataInputStream(framed).readFully(first);
            framed.nextSection();
            byte[] second = new byte[5];
            new DataInputStream(framed).readFully(second);
            framed.finish();
            return new String(first) + new String(second);
        });
    }

    private static CheckpointInput open(byte[] file) throws IOException {
        return new CheckpointInput(new ByteArrayInputStream(file), KIND, "test file");
    }
}
