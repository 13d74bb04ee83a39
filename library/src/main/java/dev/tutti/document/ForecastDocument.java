package dev.tutti.document;

import dev.tutti.core.event.Value;
import dev.tutti.forecast.Forecast;
import dev.tutti.forecast.Hindsight;
import dev.tutti.forecast.Spread;
import dev.tutti.view.RunDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A forecast, for programs: what `tutti forecast --json` prints.
public final class ForecastDocument {
    private ForecastDocument() {}

    /// The document.
    ///
    /// @param hindsight what came, or null
    public static Value.Struct of(
            String workflow, Forecast forecast, @Nullable Hindsight hindsight) {
        var fields = new LinkedHashMap<String, Value>();
        fields.put("format", RunDocument.FORMAT);
        fields.put("workflow", Value.text(workflow));
        fields.putAll(figures(forecast).fields());
        if (hindsight != null) {
            fields.put(
                    "actual",
                    Value.struct(
                            "status",
                            Value.text(hindsight.status().name().toLowerCase(Locale.ROOT)),
                            "seconds",
                            real(hindsight.seconds()),
                            "usd",
                            real(hindsight.usd()),
                            "seconds_below",
                            real(hindsight.timeBelow()),
                            "usd_below",
                            real(hindsight.costBelow()),
                            "attempts",
                            Value.from(hindsight.attempts())));
        }
        return new Value.Struct(fields);
    }

    /// The figures of a forecast.
    public static Value.Struct figures(Forecast forecast) {
        var path = new ArrayList<Value>();
        for (var member : forecast.path()) {
            path.add(
                    Value.struct(
                            "task", Value.text(member.task()),
                            "often", real(member.often()),
                            "share", real(member.share()),
                            "attempts", real(member.attempts()),
                            "usd", real(member.usd())));
        }
        var limits = new ArrayList<Value>();
        for (var limit : forecast.limits()) {
            limits.add(
                    Value.struct(
                            "limit", Value.text(limit.what()), "broken", real(limit.broken())));
        }
        var widths = new ArrayList<Value>();
        for (var width : forecast.widths()) {
            widths.add(
                    Value.struct(
                            "task", Value.text(width.task()),
                            "items", spread(width.items()),
                            "from", Value.text(width.from())));
        }
        return Value.struct(
                "samples", Value.of(forecast.samples()),
                "runs", Value.of(forecast.runs()),
                "seconds", spread(forecast.time()),
                "usd", spread(forecast.cost()),
                "succeeds", real(forecast.succeeds()),
                "fails", real(forecast.fails()),
                "waits", real(forecast.waits()),
                "path", new Value.Array(path),
                "limits", new Value.Array(limits),
                "fan_outs", new Value.Array(widths),
                "sources", Value.from(forecast.sources()),
                "assumed", Value.from(forecast.assumed()));
    }

    private static Value spread(Spread spread) {
        return Value.struct(
                "p10", real(spread.quantile(0.1)),
                "p50", real(spread.quantile(0.5)),
                "p90", real(spread.quantile(0.9)));
    }

    /// To the millionth: dice are not more exact than that.
    private static Value real(double value) {
        return new Value.Real(Math.round(value * 1e6) / 1e6);
    }
}
