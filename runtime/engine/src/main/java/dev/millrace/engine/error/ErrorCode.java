// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

/**
 * Every kind of error that a user can meet. Numbers are stable: a number is never given to another meaning.
 *
 * <p>1000–1999 SQL text and planning, 2000–2999 options, 3000–3999 sources, sinks and formats, 4000–4999 errors of a
 * row, 5000–5999 jobs and state, 6000–6999 command line and process.
 */
public enum ErrorCode {
    SYNTAX(1001, "the SQL text does not follow the grammar"),
    NOT_SUPPORTED(1002, "the construct is known but not supported here"),
    TABLE_NOT_FOUND(1040, "no table or view has this name"),
    TABLE_EXISTS(1041, "a table or view with this name exists already"),
    COLUMN_NOT_FOUND(1042, "no column has this name"),
    COLUMN_AMBIGUOUS(1043, "several columns have this name"),
    FUNCTION_NOT_FOUND(1044, "no function has this name and these arguments"),
    TYPE_MISMATCH(1045, "the types do not fit together"),
    NOT_GROUPED(1046, "the column is neither grouped by nor aggregated"),
    TYPE_NOT_SUPPORTED(1047, "the type is not supported here"),
    INVALID_QUERY(1048, "the query has no meaning"),
    INSERT_MISMATCH(1049, "the columns of the query do not fit the target table"),
    WATERMARK_MISSING(1060, "a window over an unbounded table needs a watermark"),
    WATERMARK_INVALID(1061, "the watermark is not defined on a time column"),
    EMIT_REFUSED(1062, "the query can't emit in this way"),
    SINK_REFUSED(1063, "the target can't take the changes of this query"),
    PARTITIONING_REFUSED(1064, "this partitioning would give wrong results"),
    UNBOUNDED_STATE(1065, "the query would keep state without a bound"),

    OPTION_UNKNOWN(2001, "no option has this name"),
    OPTION_INVALID(2002, "the option's value is not valid"),
    OPTION_MISSING(2003, "a required option is missing"),
    CONNECTOR_UNKNOWN(2004, "no connector has this name"),
    FORMAT_UNKNOWN(2005, "no format has this name"),

    FILE_NOT_FOUND(3001, "no file matches the path"),
    FILE_UNREADABLE(3002, "the file can't be read"),
    FILE_CHANGED(3003, "the file has changed since the job started"),
    RECORD_MALFORMED(3010, "the record can't be decoded"),
    RECORD_TOO_LARGE(3011, "the record is larger than the limit"),
    SERVER_UNREACHABLE(3030, "a server does not answer"),
    ACCESS_DENIED(3031, "a server refuses the credentials, or the access"),
    TOPIC_NOT_FOUND(3032, "no topic has this name"),
    SOURCE_GONE(3033, "what the job reads is not there any more, or is another one now"),
    SINK_FAILED(3020, "the target did not take the rows"),
    SINK_GONE(3021, "the target takes no more rows"),

    OVERFLOW(4001, "a number is out of its type's range"),
    DIVISION_BY_ZERO(4002, "division by zero"),
    CAST_FAILED(4003, "the value can't be converted"),
    FUNCTION_FAILED(4004, "a function was called with a value it does not accept"),
    EVENT_TIME_NULL(4005, "the event time of the row is NULL"),
    ROW_LATE(4006, "the row came after its window was closed"),
    ROW_BREAKS(4007, "a partition has broken down at the row again and again"),
    ROW_TOO_LARGE(4008, "the row is too large to be sent to another node"),

    JOB_EXISTS(5001, "a job with this name and other SQL exists"),
    JOB_FAILED(5002, "the job has failed"),
    RESULT_TOO_LARGE(5003, "the result to be sorted does not fit in memory"),
    JOB_NOT_FOUND(5004, "no job has this name"),
    JOB_TOO_LARGE(5006, "the plan of the job, or the list of its files, is too large to be sent to another node"),
    STATE_LOCKED(5010, "the state directory is in use by another process"),
    STATE_DAMAGED(5011, "stored state fails its checksum"),
    STATE_NEWER(5012, "stored state was written by a newer version"),
    STATE_UNWRITABLE(5013, "the state can't be written"),
    STATE_FENCED(5014, "a newer owner has taken over this log"),
    STATE_LIMIT(5015, "the state of a partition has reached its limit"),
    TARGET_DIFFERS(5016, "the log of a partition and its target don't belong together"),
    SAVEPOINT_REFUSED(5020, "the savepoint does not fit the query"),
    SAVEPOINT_FAILED(5021, "the savepoint can't be taken"),
    SAVEPOINT_NOT_FOUND(5022, "no savepoint has this name"),
    SAVEPOINT_EXISTS(5023, "a savepoint with this name exists"),

    USAGE(6001, "the command line is not valid"),
    SCRIPT_UNREADABLE(6002, "the script file can't be read"),
    CONFIGURATION_INVALID(6003, "the configuration file can't be read or is not valid"),
    REQUEST_INVALID(6010, "a request to the server is not valid"),
    REQUEST_REFUSED(6011, "the server does not take requests from there"),
    SERVER_BUSY(6012, "the server does as much as it may at a time"),
    ADDRESS_UNUSABLE(6013, "the server can't listen at this address"),
    ADDRESS_UNPROTECTED(6014, "the server would be open to others without a token"),
    TOKEN_REFUSED(6015, "the server asks for a token, and got none or another one"),
    TOKEN_UNUSABLE(6016, "the token can't be read, or is not fit"),
    NODE_NOT_READY(6017, "the node is starting, or leaves its cluster, and takes nothing"),
    CLUSTER_REFUSED(6020, "the node can't be one of its cluster"),
    JDK_MISSING(6801, "no JDK of the needed version was found"),
    BUILD_FAILED(6802, "Millrace could not be built from its sources"),
    INTERNAL(6900, "an invariant is broken: this is a defect of Millrace");

    private final int number;
    private final String meaning;

    ErrorCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The number in the code. */
    public int number() {
        return number;
    }

    /** The code as shown, such as {@code MR-1042}. */
    public String id() {
        return "MR-" + number;
    }

    /**
     * Whether the cause may go away by itself, so that what failed is tried again after a while. All others, such as wrong
     * credentials, a topic that is gone or damaged state, need somebody who does something about them.
     */
    public boolean mayPass() {
        return switch (this) {
            case FILE_UNREADABLE, SERVER_UNREACHABLE, SINK_FAILED, STATE_UNWRITABLE, INTERNAL -> true;
            default -> false;
        };
    }

    /** What the code means, for the reference page. */
    public String meaning() {
        return meaning;
    }
}
