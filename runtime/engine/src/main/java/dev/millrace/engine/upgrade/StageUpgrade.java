// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import java.util.List;

/**
 * Where one stage finds its state.
 *
 * @param stage number of the stage
 * @param before number of the stage before, or {@link StateMapping#NONE}: then it starts empty
 * @param inputs by input of the stage the same one of the stage before, or {@link StateMapping#NONE}. The splits that
 *     both have (equal descriptions) go on at their positions; others begin where they start
 * @param operators by operator with state, where that is
 */
public record StageUpgrade(int stage, int before, List<Integer> inputs, List<StateMapping> operators) {
    public StageUpgrade {
        inputs = List.copyOf(inputs);
        operators = List.copyOf(operators);
    }
}
