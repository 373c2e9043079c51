# Computes reference-vectors.json with mpmath (50 digits) and scipy, from the formulas as published, sharing no code and no
# arrangement of terms with src/. Run by hand: python3 reference-vectors.py > reference-vectors.json
import json
from mpmath import mp, mpf, log, exp, binomial
from scipy.stats import nchypergeom_fisher
from scipy.special import betaln
from scipy.optimize import brentq
import math, random

mp.dps = 50
GRID = ['1.5', '2', '3', '5', '10', '20', '50', '100']
HEALTH_GRID = ['1.5', '2', '3', '5']
rng = random.Random(20261123)


def log_ratio(strata, r1, r0):
    total = mpf(0)
    for nc, xc, nb, xb in strata:
        q1, q0 = r1 * nc / (r1 * nc + nb), r0 * nc / (r0 * nc + nb)
        total += xc * log(q1 / q0) + xb * log((1 - q1) / (1 - q0))
    return total


def z(nc, nb, s, psi):
    return sum(binomial(nc, k) * binomial(nb, s - k) * psi**k for k in range(max(0, s - nb), min(nc, s) + 1))


def log_exact(strata, r1, r0):
    return sum(xc * log(r1 / r0) - log(z(nc, nb, xc + xb, r1)) + log(z(nc, nb, xc + xb, r0)) for nc, xc, nb, xb in strata)


def mixture(strata, ratios, bound, of):
    return float(log(sum(exp(of(strata, r, bound)) for r in ratios) / len(ratios)))


def draw(count, scale):
    strata = []
    for _ in range(count):
        nc, nb = rng.randint(1, scale // 10), rng.randint(1, scale)
        strata.append([nc, rng.randint(0, min(nc, 6)), nb, rng.randint(0, min(nb, 20))])
    return strata


cases = []
for margin, tolerance in [('1', '2'), ('1.25', '3'), ('1.5', '2'), ('1', '1.5')]:
    for scale in [100, 1000]:
        strata = draw(rng.randint(1, 8), scale)
        r0, rt = mpf(margin), mpf(tolerance)
        harms, healths = [r0 * mpf(g) for g in GRID], [rt / mpf(g) for g in HEALTH_GRID]
        cases.append({
            'margin': float(margin), 'tolerance': float(tolerance), 'strata': strata,
            'riskHarm': mixture(strata, harms, r0, log_ratio), 'riskHealth': mixture(strata, healths, rt, log_ratio),
            'exactHarm': mixture(strata, harms, r0, log_exact), 'exactHealth': mixture(strata, healths, rt, log_exact),
        })

fisher = []
for nc, nb, s, psi in [(2, 2, 2, 2), (10, 90, 12, 3.5), (40, 25, 30, 0.4), (7, 300, 9, 20), (500, 500, 480, 1.5)]:
    least, most = max(0, s - nb), min(nc, s)
    fisher.append({'candidates': nc, 'baselines': nb, 'bad': s, 'odds': psi,
                   'chances': [float(nchypergeom_fisher.pmf(k, nc + nb, nc, s, psi)) for k in range(least, most + 1)]})


def wealth(p, bad, total):  # Howard et al. 2021, beta-binomial mixture, tuned for 100 observations at .05
    v = 100 * p * (1 - p)
    two = 2 * math.log(1 / .05)
    r = max(v / (two + math.log(1 + two)) - p * (1 - p), 1e-3 * p * (1 - p))
    a, b = r / (1 - p), r / p
    return betaln(a + bad, b + total - bad) - betaln(a, b) - bad * math.log(p) - (total - bad) * math.log(1 - p)


bounds = []
for bad, total, alpha in [(700, 1000, .05), (5, 50, .05), (1, 3000, .01), (37, 40, .05), (120, 90000, .05)]:
    f = lambda p: wealth(p, bad, total) - math.log(1 / alpha)
    e = bad / total
    lower = brentq(f, 1e-12, e, xtol=1e-14) if f(1e-12) > 0 else 0  # one error alone refutes no rate, however small
    bounds.append({'bad': bad, 'total': total, 'alpha': alpha, 'lower': lower, 'upper': brentq(f, e, 1 - 1e-12, xtol=1e-14)})

print(json.dumps({'strata': cases, 'fisher': fisher, 'bounds': bounds}, indent=1))
