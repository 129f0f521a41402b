// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

/** From Calcite's relational algebra to the engine's plan: stages, steps and expressions. */
package dev.millrace.planner.translate;
