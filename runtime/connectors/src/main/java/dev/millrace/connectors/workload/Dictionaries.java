// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

/** The string values of the workloads, shared by all readers of a source. */
record Dictionaries(Dictionary traders, Dictionary symbols, Dictionary statuses) {
    static Dictionaries of(Gen gen) {
        return new Dictionaries(
                new Dictionary(gen.traderNames()),
                new Dictionary(Gen.symbolNames()),
                new Dictionary(Gen.statusNames()));
    }
}
