// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/**
 * The connector {@code datagen}: columns of random or consecutive values, by the options of the table. Every value is a
 * function of the seed, the name of its column and the number of its row, so that a part of the table can be generated
 * again at any time.
 */
package dev.millrace.connectors.datagen;
