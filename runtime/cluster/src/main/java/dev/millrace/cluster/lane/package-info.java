// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * How deliveries cross to a partition on another node: as bytes of their own, in messages that fit a frame. Within a
 * process nothing of this is used; rows are handed over by reference there.
 */
package dev.millrace.cluster.lane;
