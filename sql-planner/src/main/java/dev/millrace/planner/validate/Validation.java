// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.catalog.CatalogEntry;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.parser.DialectConformance;
import dev.millrace.planner.parser.Positions;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.metadata.ProxyingMetadataHandlerProvider;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlMapTypeNameSpec;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;

/**
 * Checks names and types of one statement and turns its query into relational algebra. Serves one statement; what goes
 * wrong comes out as a coded error with its place in the script.
 */
public final class Validation {
    private static final List<String> TYPE_NAMES = List.of(
            "BOOLEAN", "TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "CHAR",
            "VARCHAR",
            "STRING", "BINARY", "VARBINARY", "BYTES", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ");

    private final Catalog catalog;
    private final RelDataTypeFactory factory = new SqlTypeFactoryImpl(DialectTypeSystem.INSTANCE);
    private final CalciteSchema schema = CalciteSchema.createRootSchema(false, false);

    public Validation(Catalog catalog) {
        this.catalog = catalog;
        for (CatalogEntry entry : catalog.entries()) {
            if (entry instanceof CatalogTable table) {
                List<Column> columns =
                        table.columns().stream().map(column -> new Column(column.name(), column.type())).toList();
                schema.add(table.name(), new FrontTable(table, columns));
            }
        }
    }

    /**
     * The algebra of a query. The tree is changed.
     *
     * @throws MillraceException if a name, a type or the shape of the query is not valid
     */
    public RelRoot convert(SqlNode query) {
        new QueryRewriter(catalog).rewrite(query);
        UnsupportedConstructs.refuse(query);
        return convertRewritten(query, new ErrorTranslator(catalog, query));
    }

    /**
     * The algebra of {@code SELECT expression FROM table} for a table that is just being made.
     *
     * @param tableName the name for errors
     * @param columns what the expression may refer to
     */
    public RelRoot convert(SqlNode expression, String tableName, List<Column> columns) {
        schema.add(tableName, new FrontTable(columns, columns));
        SqlNode query = new SqlSelect(
                expression.getParserPosition(), null, SqlNodeList.of(expression),
                new SqlIdentifier(tableName, SqlParserPos.ZERO), null, null, null, null, null, null, null, null, null);
        UnsupportedConstructs.refuse(query);
        List<String> names = columns.stream().map(Column::name).toList();
        return convertRewritten(query, new ErrorTranslator(catalog, query, tableName, names));
    }

    private RelRoot convertRewritten(SqlNode query, ErrorTranslator errors) {
        Properties properties = new Properties();
        properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
        CalciteCatalogReader reader =
                new CalciteCatalogReader(schema, List.of(), factory, new CalciteConnectionConfigImpl(properties));
        SqlValidator validator = SqlValidatorUtil.newValidator(
                DialectOperatorTable.INSTANCE, reader, factory,
                SqlValidator.Config.DEFAULT
                        .withConformance(DialectConformance.INSTANCE)
                        .withDefaultNullCollation(NullCollation.LOW)
                        .withIdentifierExpansion(true)
                        .withCallRewrite(false));
        try {
            SqlNode validated = validator.validate(query);
            RelOptCluster cluster =
                    RelOptCluster.create(new HepPlanner(HepProgram.builder().build()), new RexBuilder(factory));
            // Calcite's usual metadata provider compiles Java source at run time, which costs half a second.
            cluster.setMetadataQuerySupplier(
                    () -> new RelMetadataQuery(
                            new ProxyingMetadataHandlerProvider(DefaultRelMetadataProvider.INSTANCE)));
            SqlToRelConverter converter = new SqlToRelConverter(
                    null, validator, reader, cluster, DialectConvertlets.INSTANCE,
                    SqlToRelConverter.config()
                            .withTrimUnusedFields(false)
                            .withExpand(false)
                            .withInSubQueryThreshold(Integer.MAX_VALUE)
                            .addRelBuilderConfigTransform(config -> config.withSimplify(false)
                                    .withAggregateUnique(true)
                                    .withPruneInputOfAggregate(false)));
            return converter.convertQuery(validated, false, true);
        } catch (CalciteContextException e) {
            throw errors.translate(e);
        }
    }

    /** The type of a column as declared. */
    public SqlType type(SqlDataTypeSpec declared, boolean nullable) {
        if (!(declared.getTypeNameSpec() instanceof SqlBasicTypeNameSpec)) {
            String name = declared.getTypeName().toString();
            if (declared.getTypeNameSpec() instanceof SqlMapTypeNameSpec map) {
                throw new MillraceException(
                        ErrorCode.TYPE_NOT_SUPPORTED, "type MAP is not supported yet",
                        Positions.span(map.getKeyType().getParserPosition().plus(map.getValType().getParserPosition())),
                        "declare it as STRING: METADATA FROM 'headers' is a JSON object there");
            }
            throw new MillraceException(
                    ErrorCode.TYPE_NOT_SUPPORTED, "type \"" + name + "\" is not known",
                    Positions.span(declared.getParserPosition()), NearestName.hint(name, TYPE_NAMES, "types"));
        }
        try {
            CalciteCatalogReader reader = new CalciteCatalogReader(
                    schema, List.of(), factory, new CalciteConnectionConfigImpl(new Properties()));
            SqlValidator validator = SqlValidatorUtil.newValidator(
                    DialectOperatorTable.INSTANCE, reader, factory, SqlValidator.Config.DEFAULT);
            return Types.toEngine(declared.deriveType(validator, nullable)).withNullable(nullable);
        } catch (CalciteContextException e) {
            throw new ErrorTranslator(catalog, null).translate(e);
        } catch (MillraceException e) {
            throw e.at(Positions.span(declared.getParserPosition()));
        }
    }
}
