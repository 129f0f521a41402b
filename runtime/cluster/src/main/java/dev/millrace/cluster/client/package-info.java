// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The submitting side of a job: the handle by which a process watches it, who takes the rows of a SELECT, and who hears how
 * the job stands.
 */
package dev.millrace.cluster.client;
