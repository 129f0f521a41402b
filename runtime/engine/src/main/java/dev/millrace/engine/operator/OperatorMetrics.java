package dev.millrace.engine.operator;

/** What the operators of one partition count. Part of the partition's state; touched by its thread only. */
public final class OperatorMetrics {
    private long lateRows;

    public void addLateRows(long rows) {
        lateRows += rows;
    }

    /** Rows that were late for their window and left out. */
    public long lateRows() {
        return lateRows;
    }

    /** For a restore. */
    public void setLateRows(long rows) {
        lateRows = rows;
    }
}
