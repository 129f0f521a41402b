// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** Whole jobs from files into files, and what others see of the files meanwhile. */
package dev.millrace.server.files;
