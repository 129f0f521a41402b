// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/**
 * A key that has many of the recent rows of a partition.
 *
 * @param key its columns as a JSON object, cut off where it is long
 * @param share its share of the partition's rows, in hundredths: 0.1 to 1
 */
public record HotKey(String key, double share) {}
