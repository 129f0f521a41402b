// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * What the actors go by: the settings of their node and the options of their job, read into values. The defaults of a
 * node's settings stand in its configuration, not here.
 */
package dev.millrace.cluster.settings;
