// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import java.util.Arrays;

/** The keys met so far, by name: those of the columns, and a bounded number of others. */
final class JsonKeys {
    private static final int SKIPPED_KEYS_MAX = 1024;

    private JsonKey[] slots = new JsonKey[64];
    private int size;
    private int skipped;

    void add(JsonKey key) {
        if (2 * (size + 1) > slots.length) {
            JsonKey[] old = slots;
            slots = new JsonKey[old.length * 2];
            for (JsonKey moved : old) {
                if (moved != null) {
                    slots[slot(moved.name, 0, moved.name.length)] = moved;
                }
            }
        }
        slots[slot(key.name, 0, key.name.length)] = key;
        size++;
    }

    /** The key with this name; null if it is none of a column and there are too many others to keep it in mind. */
    JsonKey find(byte[] data, int from, int to) {
        JsonKey key = slots[slot(data, from, to)];
        if (key == null && skipped < SKIPPED_KEYS_MAX) {
            skipped++;
            key = new JsonKey(Arrays.copyOfRange(data, from, to), null);
            add(key);
        }
        return key;
    }

    /** The slot that holds the key with this name, or the empty one where it belongs. */
    private int slot(byte[] data, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + data[i];
        }
        int mask = slots.length - 1;
        int slot = (hash ^ hash >>> 16) & mask;
        while (slots[slot] != null && !Arrays.equals(slots[slot].name, 0, slots[slot].name.length, data, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
