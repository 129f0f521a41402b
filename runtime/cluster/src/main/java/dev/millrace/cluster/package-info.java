// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** The actors: registry, job, reader, router, lane, partition, keeper. They carry control and whole batches only. */
package dev.millrace.cluster;
