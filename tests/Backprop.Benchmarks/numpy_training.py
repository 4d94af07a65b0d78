"""The original's training loops in NumPy, timed: python3 numpy_training.py WORK POINTS HIDDEN ITERATIONS [NONLINEARITY]

WORK is two-layer or softmax, NONLINEARITY relu, logistic or tanh. Prints the seconds that the loop took and the last loss, as JSON.
"""
import json
import sys
import time

import numpy as np

work, points, h, iters = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
nonlinearity = sys.argv[5] if len(sys.argv) > 5 else "relu"
classes, step_size, lam = 3, 1.0, 1e-3

np.random.seed(0)
n = points // classes
X = np.zeros((points, 2))
y = np.zeros(points, dtype="uint8")
for j in range(classes):
    ix = range(n * j, n * (j + 1))
    r = np.linspace(0.0, 1, n)
    t = np.linspace(j * 4, (j + 1) * 4, n) + np.random.randn(n) * 0.2
    X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
    y[ix] = j


def logistic(z):
    return 1.0 / (1.0 + np.exp(-z))


def logistic_prime(z):
    s = logistic(z)
    return s * (1 - s)


g, g_prime = {
    "relu": (lambda z: np.maximum(0, z), lambda z: z > 0),
    "logistic": (logistic, logistic_prime),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}[nonlinearity]


def two_layer():
    W1 = 0.01 * np.random.randn(2, h)
    b1 = np.zeros((1, h))
    W2 = 0.01 * np.random.randn(h, classes)
    b2 = np.zeros((1, classes))
    start = time.perf_counter()
    for i in range(iters):
        Z1 = np.dot(X, W1) + b1
        H = g(Z1)
        scores = np.dot(H, W2) + b2
        exp_scores = np.exp(scores)
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        correct_logprobs = -np.log(probs[range(points), y])
        loss = np.sum(correct_logprobs) / points + 0.5 * lam * (np.sum(W1 * W1) + np.sum(W2 * W2))

        dscores = probs
        dscores[range(points), y] -= 1
        dscores /= points
        dW2 = np.dot(H.T, dscores)
        db2 = np.sum(dscores, axis=0, keepdims=True)
        dhidden = np.dot(dscores, W2.T)
        dhidden = dhidden * g_prime(Z1)
        dW1 = np.dot(X.T, dhidden)
        db1 = np.sum(dhidden, axis=0, keepdims=True)
        dW2 += lam * W2
        dW1 += lam * W1

        W1 += -step_size * dW1
        b1 += -step_size * db1
        W2 += -step_size * dW2
        b2 += -step_size * db2
    return time.perf_counter() - start, loss


def softmax():
    W = 0.01 * np.random.randn(2, classes)
    b = np.zeros((1, classes))
    start = time.perf_counter()
    for i in range(iters):
        scores = np.dot(X, W) + b
        exp_scores = np.exp(scores)
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        correct_logprobs = -np.log(probs[range(points), y])
        loss = np.sum(correct_logprobs) / points + 0.5 * lam * np.sum(W * W)

        dscores = probs
        dscores[range(points), y] -= 1
        dscores /= points
        dW = np.dot(X.T, dscores)
        db = np.sum(dscores, axis=0, keepdims=True)
        dW += lam * W
        W += -step_size * dW
        b += -step_size * db
    return time.perf_counter() - start, loss


seconds, loss = two_layer() if work == "two-layer" else softmax()
print(json.dumps({"seconds": seconds, "loss": float(loss), "numpy": np.__version__}))
