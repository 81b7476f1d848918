#pragma once

#include <optional>
#include <span>
#include <vector>

namespace engram {

// Power density of a population's count: mean over Hann windows of one second
// that overlap by half (Welch 1967, doi:10.1109/TAU.1967.1161901), after the
// count's mean over all bins is taken off.
struct CountSpectrum {
  double resolution_hz = 1;   // from one frequency to the next
  std::vector<double> power;  // at 0, 1, 2, ... [1/Hz]; empty: no whole window

  // Of independent Poisson units that give m spikes in a bin of b seconds the
  // power is 2 m b at every frequency between the ends.
};

// Frequencies go up to half of the bins' rate, and no further than
// `highest_hz`.
CountSpectrum SpectrumOfCount(std::span<const double> count, double bin_ms,
                              double highest_hz = 500);

// A rhythm within a band of frequencies, both ends included.
struct Rhythm {
  double peak_hz = 0;  // where power is largest
  double share = 0;    // of the power above 0 Hz that lies in the band [1]
};

// Empty without a window, and when there is no power at all.
std::optional<Rhythm> RhythmInBand(const CountSpectrum& spectrum, double low_hz,
                                   double high_hz);

}  // namespace engram
