"""Deep Q-learning: an agent learns to balance a pole on a cart from what it has done.

Shows reinforcement learning with only public operations: a network and a slower copy of it (the
target network), a memory of steps that batches are drawn from, errors that are clipped as Huber's
loss does, and an environment in NumPy, which the graph never sees.
The pole stands for 10 steps at first, and for 150 of at most 200 after 4,000 steps of learning,
which take about ten seconds.

    minitf run dqn.py [--steps 4000]
"""

from __future__ import division, print_function

import argparse
import collections

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops

ACTIONS, OBSERVED, BATCH = 2, 4, 32
DISCOUNT, MEMORY, LONGEST = 0.98, 5000, 200


class CartPole:
    """A cart on a rail with a pole that falls; pushed to the left (0) or right (1) in each step.

    Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning
    control problems" (1983): masses of 1 and 0.1 kg, a pole of 1 m, forces of 10 N, 0.02 s a step.
    """

    def __init__(self, random):
        self.random = random

    def reset(self):
        self.time = 0
        self.state = self.random.uniform(-0.05, 0.05, size=4)
        return self.state

    def step(self, action):
        """Return what is observed, the reward, and whether the episode is over."""
        _, v, angle, spin = self.state
        sine, cosine = np.sin(angle), np.cos(angle)
        push = ((10 if action else -10) + 0.05 * spin**2 * sine) / 1.1
        turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine**2 / 1.1))
        pull = push - 0.05 * turn * cosine / 1.1
        self.state = self.state + 0.02 * np.array([v, pull, spin, turn])
        self.time += 1
        fallen = abs(self.state[0]) > 2.4 or abs(self.state[2]) > 12 * np.pi / 180
        return self.state, 1.0, fallen, fallen or self.time >= LONGEST


def q_network(observed, scope):
    """Return the value of each action, and the network's variables."""
    with tf.variable_scope(scope):
        x = tf.layers.dense(observed, 64, tf.nn.relu)
        x = tf.layers.dense(x, 64, tf.nn.relu)
        values = tf.layers.dense(x, ACTIONS)
    return values, tf.get_collection(ops.GraphKeys.TRAINABLE_VARIABLES, scope)


class Agent:
    def __init__(self, session):
        self.session = session
        self.observed = tf.placeholder(tf.float32, [None, OBSERVED], "observed")
        self.action = tf.placeholder(tf.int32, [None], "action")
        self.reward = tf.placeholder(tf.float32, [None], "reward")
        self.following = tf.placeholder(tf.float32, [None, OBSERVED], "following")
        self.fallen = tf.placeholder(tf.float32, [None], "fallen")

        self.values, variables = q_network(self.observed, "q")
        target, target_variables = q_network(self.following, "target")
        value = tf.reduce_sum(self.values * tf.one_hot(self.action, ACTIONS), 1)
        wanted = self.reward + DISCOUNT * (1 - self.fallen) * tf.reduce_max(target, 1)
        self.loss = tf.losses.huber_loss(tf.stop_gradient(wanted), value)
        optimizer = tf.train.AdamOptimizer(1e-3)
        slopes = optimizer.compute_gradients(self.loss, variables)
        self.train = optimizer.apply_gradients(
            [(tf.clip_by_norm(slope, 10.0), variable) for slope, variable in slopes]
        )
        self.renew_target = tf.group(
            *[theirs.assign(ours) for ours, theirs in zip(variables, target_variables)]
        )

    def act(self, observed):
        return np.argmax(self.session.run(self.values, {self.observed: [observed]})[0])

    def learn(self, batch):
        keys = (self.observed, self.action, self.reward, self.following, self.fallen)
        feed = dict(zip(keys, map(np.array, zip(*batch))))
        return self.session.run([self.train, self.loss], feed)[1]


def play(agent, environment):
    """Return how long the pole stands when the best action is always taken."""
    observed, over, length = environment.reset(), False, 0
    while not over:
        observed, _, _, over = environment.step(agent.act(observed))
        length += 1
    return length


def main(args):
    ops.reset_default_graph()
    tf.set_random_seed(args.seed)
    random = np.random.RandomState(args.seed)
    environment = CartPole(random)
    memory, losses = collections.deque(maxlen=MEMORY), []
    with tf.Session() as session:
        agent = Agent(session)
        session.run(tf.global_variables_initializer())
        session.run(agent.renew_target)
        observed = environment.reset()
        for step in range(1, args.steps + 1):
            explores = random.uniform() < max(0.05, 1 - step / 2000)
            action = random.randint(ACTIONS) if explores else agent.act(observed)
            following, reward, fallen, over = environment.step(action)
            memory.append((observed, action, reward, following, float(fallen)))
            observed = environment.reset() if over else following
            if len(memory) >= 500:
                batch = [memory[i] for i in random.randint(len(memory), size=BATCH)]
                losses.append(agent.learn(batch))
            if step % 200 == 0:
                session.run(agent.renew_target)
            if step % 500 == 0:
                lengths = [play(agent, environment) for _ in range(10)]
                print(
                    "step %5d  loss %.4f  the pole stands for %.1f"
                    % (step, np.mean(losses[-500:]), np.mean(lengths))
                )
        print(
            "the pole stands for %.1f steps"
            % np.mean([play(agent, environment) for _ in range(20)])
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=4000, help="how long to learn")
    parser.add_argument("--seed", type=int, default=0, help="of all that is random")
    main(parser.parse_args())
