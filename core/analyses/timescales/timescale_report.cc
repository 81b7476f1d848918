#include "core/analyses/timescales/timescale_report.h"

#include <cmath>
#include <span>

#include "absl/strings/str_cat.h"
#include "core/base/statistics.h"

namespace engram {
namespace {

constexpr char kConstant[] = "the activity does not change, or is not finite";
constexpr char kNoUnits[] = "no single unit has a time constant";
constexpr char kNoFit[] = "nothing that decays could be fitted";
constexpr char kOneTerm[] = "one time constant describes it";
// The largest number of parameters of a fit, and one more number.
constexpr int64_t kLeastLags = 5;

// A curve over lags; where there is none, its lags stay, with the reason.
void ReportCurve(const std::string& name,
                 const std::optional<std::vector<double>>& correlation,
                 const char* reason, const TimescaleFit& fit, int64_t lags,
                 AnalysisOutput& out) {
  const auto decay = correlation ? fit.Of(*correlation) : std::nullopt;
  for (size_t k = 0; k <= static_cast<size_t>(lags); ++k) {
    const double lag = fit.LagOf(k);
    const auto point = [&](const std::string& of, const Measured& value) {
      out.Point(of, "1", "lag", fit.unit, lag, value);
    };
    point(name, correlation ? Measured::Of((*correlation)[k])
                            : Measured::Absent(reason));
    point(name + "_fit", decay
                             ? Measured::Of(decay->At(lag))
                             : Measured::Absent(correlation ? kNoFit : reason));
  }
}

void ReportPopulation(const std::optional<std::vector<double>>& correlation,
                      const TimescaleFit& fit, AnalysisOutput& out) {
  const auto decay = correlation ? fit.Of(*correlation) : std::nullopt;
  const Measured none = Measured::Absent(correlation ? kNoFit : kConstant);
  const bool has_two = decay && decay->terms == 2;
  const auto of_two = [&](double value) {
    return has_two ? Measured::Of(value)
           : decay ? Measured::Absent(kOneTerm)
                   : none;
  };
  out.Summary("tau", fit.unit, decay ? Measured::Of(decay->tau) : none);
  out.Summary("tau_fast", fit.unit, of_two(has_two ? decay->tau_fast : 0));
  out.Summary("fast_share", "1", of_two(has_two ? decay->share : 0));
  const auto one = correlation ? fit.OfOne(*correlation) : std::nullopt;
  out.Summary("tau_one", fit.unit, one ? Measured::Of(one->tau) : none);
  out.Summary("terms", "1", decay ? Measured::Of(decay->terms) : none);
}

// The mean of the units' autocorrelations.
std::optional<std::vector<double>> MeanOf(const Autocorrelations& units) {
  std::vector<double> mean(static_cast<size_t>(units.lags()) + 1);
  double count = 0;
  for (int64_t unit = 0; unit < units.units(); ++unit) {
    const auto correlation = units.Of(unit);
    if (!correlation) continue;
    ++count;
    for (size_t k = 0; k < mean.size(); ++k) mean[k] += (*correlation)[k];
  }
  if (count == 0) return std::nullopt;
  for (double& m : mean) m /= count;
  return mean;
}

Measured SpreadOf(std::span<const double> taus) {
  const auto variance = statistics::Variance(taus);
  return variance ? Measured::Of(std::sqrt(*variance))
                  : Measured::Absent("fewer than two units have one");
}

void ReportUnits(const TimescaleSubject& subject, const TimescaleFit& fit,
                 AnalysisOutput& out) {
  std::vector<double> taus, ones;
  double fitted = 0, with_two = 0;
  for (int64_t unit = 0; unit < subject.units.units(); ++unit) {
    const auto correlation = subject.units.Of(unit);
    const auto decay = correlation ? fit.Of(*correlation) : std::nullopt;
    out.Point("unit_tau", fit.unit, "unit", "1",
              static_cast<double>(subject.numbers[static_cast<size_t>(unit)]),
              decay ? Measured::Of(decay->tau)
                    : Measured::Absent(correlation ? kNoFit : kConstant));
    if (!decay) continue;
    ++fitted;
    with_two += decay->terms == 2;
    if (decay->tau > fit.dt) taus.push_back(decay->tau);
    ones.push_back(fit.OfOne(*correlation)->tau);
  }
  if (subject.units.units() == 0) {
    out.Point("unit_tau", fit.unit, "unit", "1", 0, Measured::Absent(kNoUnits));
  }
  const auto mean = statistics::Mean(taus);
  out.Summary("unit_tau_mean", fit.unit,
              mean ? Measured::Of(*mean) : Measured::Absent(kNoUnits));
  out.Summary("unit_tau_sd", fit.unit, SpreadOf(taus));
  const auto mean_one = statistics::Mean(ones);
  out.Summary("unit_tau_one_mean", fit.unit,
              mean_one ? Measured::Of(*mean_one) : Measured::Absent(kNoUnits));
  out.Summary("fitted_units", "1", Measured::Of(fitted));
  out.Summary("two_term_share", "1",
              fitted > 0 ? Measured::Of(with_two / fitted)
                         : Measured::Absent(kNoUnits));
}

}  // namespace

TimescaleFit::TimescaleFit(const Component& component, double lag,
                           const char* unit_of_time)
    : dt(lag),
      unit(unit_of_time),
      fit_from(component.Real("fit_from")),
      tau_max(component.Real("tau_max")) {}

std::optional<DecayData> TimescaleFit::DataOf(
    const std::vector<double>& correlation) const {
  const auto first = static_cast<size_t>(std::ceil(fit_from / dt - 1e-9));
  if (first >= correlation.size()) return std::nullopt;
  const std::span<const double> all = correlation;
  return DecayData{.y = all.subspan(first), .dt = dt, .first = LagOf(first)};
}

std::optional<Decay> TimescaleFit::Of(
    const std::vector<double>& correlation) const {
  const auto data = DataOf(correlation);
  return data ? FitDecay(*data, tau_max) : std::nullopt;
}

std::optional<Decay> TimescaleFit::OfOne(
    const std::vector<double>& correlation) const {
  const auto data = DataOf(correlation);
  return data ? FitOneDecay(*data, tau_max) : std::nullopt;
}

void ReportTimescales(const TimescaleSubject& subject, const TimescaleFit& fit,
                      AnalysisOutput& out) {
  const int64_t lags = subject.population.lags();
  const auto population = subject.population.Of(0);
  ReportCurve("autocorrelation", population, kConstant, fit, lags, out);
  ReportCurve("unit_autocorrelation", MeanOf(subject.units), kNoUnits, fit,
              lags, out);
  ReportPopulation(population, fit, out);
  ReportUnits(subject, fit, out);
}

std::vector<OutputSpec> TimescaleOutputs(const char* unit) {
  const OutputKind summary = OutputKind::kSummary, series = OutputKind::kSeries;
  return {
      {"tau", summary, unit, "",
       "time constant of the population, of two the longer one"},
      {"tau_fast", summary, unit, "", "the shorter one, where there are two"},
      {"fast_share", summary, "1", "",
       "what it has of the amplitude, where there are two"},
      {"tau_one", summary, unit, "",
       "time constant of a fit with one term, chosen or not"},
      {"terms", summary, "1", "", "1 or 2 time constants: the smaller AIC"},
      {"unit_tau_mean", summary, unit, "",
       "mean over single units whose time constant is above a sample's "
       "step; shorter ones are not resolved"},
      {"unit_tau_sd", summary, unit, "", "their standard deviation"},
      {"unit_tau_one_mean", summary, unit, "",
       "mean over single units of a fit with one term, chosen or not"},
      {"fitted_units", summary, "1", "",
       "single units whose autocorrelation could be fitted"},
      {"two_term_share", summary, "1", "",
       "share of them with two time constants"},
      {"autocorrelation", series, "1", "lag", "of the population's mean"},
      {"autocorrelation_fit", series, "1", "lag", "the chosen decay"},
      {"unit_autocorrelation", series, "1", "lag", "mean over single units"},
      {"unit_autocorrelation_fit", series, "1", "lag",
       "the decay chosen for that mean"},
      {"unit_tau", series, unit, "unit",
       "time constant of each single unit, of two the longer one"}};
}

std::vector<ParameterSpec> FitParameters(double fit_from, double tau_max,
                                         const char* unit) {
  return {
      Real("fit_from", unit, fit_from, 0, 1e6, "shorter lags are not fitted"),
      Real("tau_max", unit, tau_max, 0.001, 1e7,
           "the longest time constant that a fit may find")};
}

void CheckFit(const Component& self, double dt, Faults& faults,
              const char* unit) {
  const double fit_from = self.Real("fit_from"), tau_max = self.Real("tau_max");
  const double last = static_cast<double>(self.Integer("lags")) * dt;
  if (last - fit_from < static_cast<double>(kLeastLags - 1) * dt - 1e-9) {
    faults.push_back(
        {0, absl::StrCat(self.path, ".fit_from"),
         absl::StrCat("from fit_from = ", fit_from, unit, " to the last lag, ",
                      last, unit, ", there are fewer than ", kLeastLags,
                      " lags; make fit_from smaller or lags larger")});
  }
  if (tau_max > dt) return;
  faults.push_back({0, absl::StrCat(self.path, ".tau_max"),
                    absl::StrCat("tau_max = ", tau_max, unit,
                                 " is not above the step of the lags, ", dt,
                                 unit, "; make it larger")});
}

std::string TimescaleEquation() {
  return "c(k) = sum_t (x_t - m) (x_{t+k} - m) / (n - 1 - k), mean over "
         "trials; autocorrelation = c(k) / c(0)\n"
         "one: a exp(-t / tau); two: a [s exp(-t / tau_fast) + (1 - s) "
         "exp(-t / tau)]; a <= 1\n"
         "chosen: the smaller 2 k + n ln(RSS / n), k = 2 or 4";
}

}  // namespace engram
