// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import dev.millrace.checkpointing.codec.KryoRegistrar;
import dev.millrace.checkpointing.codec.KryoRegistrations;
import dev.millrace.cluster.job.JobEvent;
import dev.millrace.cluster.job.RegistryEvent;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.cluster.message.LaneReport;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderBranch;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.ReaderSpec;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.message.StageBranch;
import dev.millrace.cluster.partition.KeeperEvent;
import dev.millrace.cluster.protocol.Announcement;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.BrokenRow;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.Greeting;
import dev.millrace.cluster.protocol.Kept;
import dev.millrace.cluster.protocol.NotReady;
import dev.millrace.cluster.protocol.Occupancy;
import dev.millrace.cluster.protocol.Probe;
import dev.millrace.cluster.protocol.Replaced;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.cluster.protocol.Session;
import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.cluster.protocol.Window;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Move;
import dev.millrace.cluster.status.Moves;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.cluster.status.ReaderPace;
import dev.millrace.cluster.status.ReaderStatus;
import org.apache.pekko.actor.typed.ActorRef;

/** The messages between actors, and the events of jobs, registry and keepers. */
public final class ClusterRegistrations implements KryoRegistrations {
    @Override
    public void register(KryoRegistrar registrar) {
        registrar.addFamily(1000, ActorRef.class, new ActorRefSerializer(registrar::actorSystem));

        registrar.add(1010, JobId.class);
        registrar.add(1011, Counters.class);
        registrar.add(1012, PartitionSpec.class);
        registrar.add(1013, ReaderSpec.class);
        registrar.add(1018, ReaderBranch.class);
        registrar.add(1019, StageBranch.class);
        registrar.add(1014, Rows.class, new RowsSerializer());
        registrar.add(1015, JobState.class);
        registrar.add(1016, JobUpdate.class);
        registrar.add(1017, InputSplits.class);

        registrar.add(1030, Session.class);
        registrar.add(1031, Standing.class);
        registrar.add(1032, Window.class);
        registrar.add(1033, SplitList.class);
        registrar.add(1034, SplitList.Split.class);
        registrar.add(1035, Greeting.class);
        registrar.add(1036, Delivery.class);
        registrar.add(1037, Probe.class);
        registrar.add(1038, Answer.class);
        registrar.add(1039, Replaced.class);
        registrar.add(1040, NotReady.class);
        registrar.add(1041, Announcement.class);
        registrar.add(1042, RowRange.class);
        registrar.add(1043, BrokenRow.class);
        registrar.add(1044, Breakdowns.class);
        registrar.add(1045, Kept.class);

        registrar.add(1060, PartitionCommand.Assign.class);
        registrar.add(1061, PartitionCommand.FromReader.class);
        registrar.add(1062, PartitionCommand.OutputTaken.class);
        registrar.add(1063, PartitionCommand.DeadLettersWritten.class);
        registrar.add(1064, PartitionCommand.Stop.class);
        registrar.add(1065, PartitionCommand.HandOff.class);
        registrar.add(1066, PartitionCommand.OutputFailed.class);

        registrar.add(1067, PartitionCommand.Freeze.class);
        registrar.add(1068, PartitionCommand.FromNextStage.class);
        registrar.add(1069, PartitionCommand.Drain.class);

        registrar.add(1080, ReaderCommand.Assign.class);
        registrar.add(1081, ReaderCommand.Numbered.class);
        registrar.add(1082, ReaderCommand.FromPartition.class);
        registrar.add(1083, ReaderCommand.Stop.class);
        registrar.add(1084, ReaderCommand.Hold.class);
        registrar.add(1085, ReaderCommand.GoOn.class);

        registrar.add(1100, JobCommand.Run.class);
        registrar.add(1101, JobCommand.Stop.class);
        registrar.add(1102, JobCommand.Ping.class);
        registrar.add(1103, JobCommand.NumberReader.class);
        registrar.add(1104, JobCommand.PartitionReport.class);
        registrar.add(1105, JobCommand.PartitionFinished.class);
        registrar.add(1106, JobCommand.PartitionStopped.class);
        registrar.add(1107, JobCommand.ReaderFailed.class);
        registrar.add(1108, JobCommand.Resume.class);
        registrar.add(1109, JobCommand.Drop.class);
        registrar.add(1110, JobCommand.Describe.class);
        registrar.add(1111, JobCommand.JobStatusReply.class);
        registrar.add(1112, JobCommand.Problem.class);
        registrar.add(1113, JobStatus.class);
        registrar.add(1114, PartitionStatus.class);
        registrar.add(1115, JobProgress.class);
        registrar.add(1116, JobCommand.PartitionFailed.class);
        registrar.add(1117, JobCommand.PartitionHealed.class);
        registrar.add(1118, PartitionState.class);

        registrar.add(1120, ClientCommand.Take.class);
        registrar.add(1123, ClientCommand.End.class);
        registrar.add(1170, ClientCommand.Probe.class);
        registrar.add(1171, PartitionCommand.OutputMissing.class);
        registrar.add(1121, RegistryCommand.Register.class);
        registrar.add(1122, RegistryCommand.Registered.class);
        registrar.add(1124, RegistryCommand.List.class);
        registrar.add(1125, RegistryCommand.Forget.class);
        registrar.add(1126, RegistryCommand.Jobs.class);

        registrar.add(1130, Savepoint.class);
        registrar.add(1131, JobCommand.TakeSavepoint.class);
        registrar.add(1132, JobCommand.SavepointReply.class);
        registrar.add(1133, JobCommand.Alter.class);
        registrar.add(1134, JobCommand.DescribePlan.class);
        registrar.add(1135, JobCommand.PlanReply.class);
        registrar.add(1136, JobCommand.Level.class);
        registrar.add(1137, JobCommand.Frozen.class);
        registrar.add(1138, JobCommand.FreezeFailed.class);
        registrar.add(1139, RegistryCommand.KeepSavepoint.class);
        registrar.add(1140, RegistryCommand.ForgetSavepoint.class);
        registrar.add(1141, RegistryCommand.ListSavepoints.class);
        registrar.add(1142, RegistryCommand.Savepoints.class);

        registrar.add(1150, JobCommand.HandOff.class);
        registrar.add(1151, JobCommand.Inherit.class);
        registrar.add(1152, JobCommand.Leaving.class);
        registrar.add(1153, JobCommand.Arrived.class);
        registrar.add(1154, JobCommand.ListMoves.class);
        registrar.add(1155, JobCommand.MovesReply.class);
        registrar.add(1156, Moves.class);
        registrar.add(1157, Move.class);
        registrar.add(1158, ReaderCommand.HandOff.class);
        registrar.add(1159, ReaderStatus.class);
        registrar.add(1160, RegistryCommand.Leave.class);
        registrar.add(1161, RegistryCommand.Leaving.class);

        registrar.add(1165, Backpressure.class);
        registrar.add(1166, Occupancy.class);
        registrar.add(1167, ReaderPace.class);
        registrar.add(1168, LaneReport.class);
        registrar.add(1169, JobCommand.ReaderReport.class);

        registrar.add(1175, HotKey.class);

        registrar.add(1200, JobEvent.Created.class);
        registrar.add(1201, JobEvent.ReaderNumbered.class);
        registrar.add(1202, JobEvent.Started.class);
        registrar.add(1203, JobEvent.Stopped.class);
        registrar.add(1204, JobEvent.Finished.class);
        registrar.add(1205, JobEvent.Suspended.class);
        registrar.add(1206, RegistryEvent.Registered.class);
        registrar.add(1207, KeeperEvent.Started.class);
        registrar.add(1209, JobEvent.Paused.class);
        registrar.add(1210, JobEvent.SplitsAdded.class);
        registrar.add(1211, JobEvent.Dropped.class);
        registrar.add(1212, RegistryEvent.Forgotten.class);
        registrar.add(1213, JobEvent.BrokeDown.class);
        registrar.add(1214, JobEvent.Healed.class);
        registrar.add(1230, JobEvent.Dropping.class);
        registrar.add(1215, JobEvent.Restoring.class);
        registrar.add(1216, JobEvent.Restored.class);
        registrar.add(1217, RegistryEvent.SavepointKept.class);
        registrar.add(1218, RegistryEvent.SavepointForgotten.class);
        registrar.add(1219, KeeperEvent.Shut.class);
    }
}
