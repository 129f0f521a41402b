// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void shouldReadEightDigits() {
        long seed = 1;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            int number = random.nextInt(100_000_000);
            byte[] text = String.format("%08d", number).getBytes(StandardCharsets.US_ASCII);
            assertEquals(true, Words.isDigits(Words.get(text, 0)), "seed " + seed + ": " + number);
            assertEquals(number, Words.eightDigits(Words.get(text, 0)), "seed " + seed + ": " + number);
        }
    }

    @Test
    void shouldTellDigitsFromAllOtherBytes() {
        for (int value = 0; value < 256; value++) {
            for (int at = 0; at < 8; at++) {
                byte[] text = "90909090".getBytes(StandardCharsets.US_ASCII);
                text[at] = (byte) value;
                assertEquals(value >= '0' && value <= '9', Words.isDigits(Words.get(text, 0)), value + " at " + at);
            }
        }
    }

    @Test
    void shouldFindTheFirstByteOfAKind() {
        long seed = 2;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] text = new byte[8];
            for (int b = 0; b < 8; b++) {
                text[b] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256)
                        : " !\"#\u001f\n".charAt(random.nextInt(6)));
            }
            long word = Words.get(text, 0);
            assertEquals(first(text, '"', '"'), index(Words.equal(word, Words.repeat('"'))), Arrays.toString(text));
            assertEquals(first(text, 0, 31), index(Words.below(word, Words.repeat(' '))), Arrays.toString(text));
            assertEquals(first(text, 128, 255), index(Words.notAscii(word)), Arrays.toString(text));
        }
    }

    @Test
    void shouldCopyAnyLength() {
        byte[] source = new byte[200];
        new Random(3).nextBytes(source);
        for (int length = 0; length < 150; length++) {
            byte[] target = new byte[200];
            Words.copy(source, 3, target, 5, length);
            assertArrayEquals(Arrays.copyOfRange(source, 3, 3 + length), Arrays.copyOfRange(target, 5, 5 + length));
        }
    }

    @Test
    void shouldAgreeWithTheLibraryOnUtf8() {
        long seed = 4;
        Random random = new Random(seed);
        byte[] interesting = {0x41, (byte) 0x80, (byte) 0xBF, (byte) 0xC2, (byte) 0xC1, (byte) 0xE0, (byte) 0xA0,
            (byte) 0xED, (byte) 0x9F, (byte) 0xEF, (byte) 0xF0, (byte) 0x90, (byte) 0x8F, (byte) 0xF4, (byte) 0xF5};
        for (int i = 0; i < 50_000; i++) {
            byte[] text = new byte[1 + random.nextInt(5)];
            for (int b = 0; b < text.length; b++) {
                text[b] = interesting[random.nextInt(interesting.length)];
            }
            boolean isValid;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
                isValid = true;
            } catch (CharacterCodingException e) {
                isValid = false;
            }
            assertEquals(isValid, Utf8.isValid(text, 0, text.length), "seed " + seed + ": " + Arrays.toString(text));
        }
    }

    private static int first(byte[] text, int from, int to) {
        for (int i = 0; i < text.length; i++) {
            if ((text[i] & 0xFF) >= from && (text[i] & 0xFF) <= to) {
                return i;
            }
        }
        return -1;
    }

    private static int index(long answer) {
        return answer == 0 ? -1 : Words.first(answer);
    }
}
