// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The inputs of a stage as the job has settled them. An input once listed stays in all later lists.
 *
 * @param version 1 or more, raised by the job with each change
 * @param splits the inputs, each once
 */
public record SplitList(long version, List<Split> splits) {

    /**
     * One listed input.
     *
     * @param input its name, unique in the stage
     * @param start the position where it begins, resolved once by the job
     */
    public record Split(String input, long start) {}

    public SplitList {
        if (version < 1) {
            throw new IllegalArgumentException("version of a split list must be positive: " + version);
        }
        splits = List.copyOf(splits);
        Set<String> names = new HashSet<>();
        for (Split split : splits) {
            if (!names.add(split.input())) {
                throw new IllegalArgumentException("listed twice: " + split.input());
            }
        }
    }
}
